package dev.docket.examples;

import java.io.PrintStream;

/** A command whose arguments have been understood. */
@FunctionalInterface
interface Job {

  /** Does it; what goes wrong is a {@link Trouble} or another exception with a message to show. */
  void run(PrintStream out) throws InterruptedException;
}
