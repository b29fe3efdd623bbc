package dev.docket.examples;

import java.nio.file.Path;

/** Where this process logs to: standard error, unless that is for the user to read. */
final class Logs {

  private Logs() {}

  /** To be called before anything has logged. */
  static void writeTo(Path file) {
    System.setProperty("docket.log", file.toString());
    System.setProperty("logback.configurationFile", "logback-file.xml");
  }
}
