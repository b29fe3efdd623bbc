package dev.docket.backends;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A shell script on the class path. It is passed to bash as an argument, not as a file. */
enum Script {
  GUARD,
  ELASTICSEARCH,
  RABBITMQ;

  /** The start of a command line, to which the script's arguments are added. */
  List<String> command() {
    return List.of("bash", "-c", text(), fileName());
  }

  private String fileName() {
    return name().toLowerCase(java.util.Locale.ROOT) + ".sh";
  }

  private String text() {
    try (InputStream in = Script.class.getResourceAsStream(fileName())) {
      if (in == null) {
        throw new IllegalStateException(fileName() + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
