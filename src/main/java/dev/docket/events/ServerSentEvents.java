package dev.docket.events;

import java.nio.charset.StandardCharsets;

/** Server-sent events as they go over the wire. */
final class ServerSentEvents {

  /** A comment: it keeps the connection alive, and finds out whether anybody still reads. */
  static final byte[] KEEP_ALIVE = bytes(": keep-alive\n\n");

  private ServerSentEvents() {}

  /** A change of a task; both texts without line breaks. */
  static byte[] task(String id, String json) {
    return bytes((id.isEmpty() ? "" : "id: " + id + "\n") + "event: task\ndata: " + json + "\n\n");
  }

  /** How many events this reader was too slow for. */
  static byte[] lost(long count) {
    return bytes("event: lost\ndata: {\"count\":" + count + "}\n\n");
  }

  /** Whether events come from now on. */
  static byte[] broker(boolean connected) {
    return bytes("event: broker\ndata: {\"connected\":" + connected + "}\n\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
