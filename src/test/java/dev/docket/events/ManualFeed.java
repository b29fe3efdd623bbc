package dev.docket.events;

import java.nio.charset.StandardCharsets;

/** A feed that brings what a test says. */
final class ManualFeed implements EventFeed {

  private volatile Listener listener;
  private volatile boolean open;

  @Override
  public void open(Listener fresh) {
    listener = fresh;
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

  void connected(boolean now) {
    listener.connected(now);
  }

  void event(String id, String key) {
    raw("{\"event_id\":\"" + id + "\",\"key\":\"" + key + "\"}");
  }

  void raw(String body) {
    listener.heard(body.getBytes(StandardCharsets.UTF_8));
  }
}
