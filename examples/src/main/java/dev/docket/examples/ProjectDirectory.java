package dev.docket.examples;

import java.nio.file.Files;
import java.nio.file.Path;

/** Locates the Docket checkout that this program was built in. */
final class ProjectDirectory {

  private ProjectDirectory() {}

  /** The system property {@code docket.root}, or else the working directory. */
  static Path root() {
    Path root = Path.of(System.getProperty("docket.root", "")).toAbsolutePath().normalize();
    if (!Files.isDirectory(root.resolve("backends"))) {
      throw new IllegalArgumentException(
          root + " is not a Docket checkout; set -Ddocket.root=DIR.");
    }
    return root;
  }
}
