package dev.docket.maintenance;

/** A periodic background job that repairs or cleans up records. */
public interface Sweep {

  /** Returns the sweep's name in logs, metrics and thread names. */
  String name();

  /**
   * Runs the sweep once. Blocks; called by one thread at a time.
   *
   * @throws RuntimeException if the run failed; the next run starts at its usual time
   */
  void run();

  /** Called instead of {@link #run} on a server that leaves this sweep to the leader. */
  default void skip() {}
}
