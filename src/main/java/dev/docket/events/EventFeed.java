package dev.docket.events;

/** Brings the events of all servers here, this one's too. */
public interface EventFeed {

  /** Who listens. Called on one thread at a time; must neither block nor throw. */
  interface Listener {

    /** An event, as it was published. */
    void heard(byte[] body);

    /**
     * Whether events come from now on. What happens before the first {@code true}, or after a
     * {@code false}, is not heard, nor told later.
     */
    void connected(boolean now);
  }

  /**
   * Brings events to this listener until {@link #close}. Returns at once, and tries until it can.
   * To be closed before it is opened again.
   */
  void open(Listener listener);

  /** Brings no more. Something that is under way may still come. Returns at once. */
  void close();
}
