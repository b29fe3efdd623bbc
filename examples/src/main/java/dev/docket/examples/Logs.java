package dev.docket.examples;

import java.nio.file.Path;

/** Redirects the log of this process from standard error to a file. */
final class Logs {

  private Logs() {}

  /** Must be called before the first use of a logger. */
  static void writeTo(Path file) {
    System.setProperty("docket.log", file.toString());
    System.setProperty("logback.configurationFile", "logback-file.xml");
  }
}
