package dev.docket.events;

import java.nio.charset.StandardCharsets;

/** Encodes server-sent events. */
public final class ServerSentEvents {

  /** A comment that keeps the connection alive and detects that the client has disconnected. */
  public static final byte[] KEEP_ALIVE = bytes(": keep-alive\n\n");

  private ServerSentEvents() {}

  /** A change of a task. Neither parameter may contain line breaks. */
  static byte[] task(String id, String json) {
    return event(id, "task", json);
  }

  /** The number of events dropped because the client was too slow. */
  static byte[] lost(long count) {
    return bytes("event: lost\ndata: {\"count\":" + count + "}\n\n");
  }

  /** Whether the broker is connected, so events arrive. */
  static byte[] broker(boolean connected) {
    return bytes("event: broker\ndata: {\"connected\":" + connected + "}\n\n");
  }

  /**
   * An event.
   *
   * @param id the id with which a client resumes the stream; empty for none
   * @param json one line of JSON
   */
  public static byte[] event(String id, String name, String json) {
    return bytes(
        (id.isEmpty() ? "" : "id: " + id + "\n") + ("event: " + name + "\ndata: " + json + "\n\n"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
