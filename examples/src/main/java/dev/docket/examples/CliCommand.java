package dev.docket.examples;

import java.io.PrintStream;

/** A command of the command line, with its parsed arguments. */
@FunctionalInterface
interface CliCommand {

  /**
   * Runs the command.
   *
   * @throws UserError with a message for the user
   */
  void run(PrintStream out) throws InterruptedException;
}
