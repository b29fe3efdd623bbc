package dev.docket.maintenance;

/** Something that is looked for again and again. */
public interface Sweep {

  /** The word for it in logs and thread names. */
  String name();

  /**
   * Looks once, and acts on what it finds. Blocks; called by one thread at a time.
   *
   * @throws RuntimeException when the look failed; the next one comes at its time
   */
  void run();
}
