package dev.docket.examples;

import java.io.PrintStream;

/** A command whose arguments have been understood. */
@FunctionalInterface
interface CliCommand {

  /**
   * Does it; what goes wrong is a {@link UserError} or another exception with a message to show.
   */
  void run(PrintStream out) throws InterruptedException;
}
