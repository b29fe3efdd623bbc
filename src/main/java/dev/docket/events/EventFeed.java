package dev.docket.events;

/** Receives the events of all servers, including this one. */
public interface EventFeed {

  /** Receives events. Called by one thread at a time; must neither block nor throw. */
  interface Listener {

    /** Called for each event, with the body as published. */
    void onEvent(byte[] body);

    /**
     * Called when the connection to the broker changes. Events that are published before the first
     * {@code true}, or while it is {@code false}, are lost for this listener.
     */
    void onConnectionChange(boolean connected);
  }

  /**
   * Delivers events to a listener until {@link #close}. Returns immediately and retries until it
   * succeeds. Must be closed before it is opened again.
   */
  void open(Listener listener);

  /** Stops the delivery. Events in flight may still arrive. Returns immediately. */
  void close();
}
