package dev.docket.examples;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that this program was built in. */
final class ProjectDirectory {

  private ProjectDirectory() {}

  /** What the system property {@code docket.root} names, else the working directory. */
  static Path root() {
    Path root = Path.of(System.getProperty("docket.root", "")).toAbsolutePath().normalize();
    if (!Files.isDirectory(root.resolve("backends"))) {
      throw new IllegalArgumentException(
          root + " is no checkout of Docket; name it with -Ddocket.root=DIR.");
    }
    return root;
  }
}
