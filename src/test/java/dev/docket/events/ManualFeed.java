package dev.docket.events;

import java.nio.charset.StandardCharsets;

/** A feed that a test controls. */
final class ManualFeed implements EventFeed {

  private volatile Listener listener;
  private volatile boolean open;

  @Override
  public void open(Listener newListener) {
    listener = newListener;
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  boolean isOpen() {
    return open;
  }

  Listener lastListener() {
    return listener;
  }

  void connected(boolean connected) {
    listener.onConnectionChange(connected);
  }

  void event(String id, String key) {
    raw("{\"event_id\":\"" + id + "\",\"key\":\"" + key + "\"}");
  }

  void raw(String body) {
    listener.onEvent(body.getBytes(StandardCharsets.UTF_8));
  }
}
