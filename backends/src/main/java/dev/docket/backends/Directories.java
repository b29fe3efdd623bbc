package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Creates and deletes directories. */
final class Directories {

  private Directories() {}

  /** Creates the directory and its parents if necessary, and returns its absolute path. */
  static Path create(Path dir) {
    try {
      return Files.createDirectories(dir.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw new BackendStartException("cannot create the directory " + dir + ": " + e, e);
    }
  }

  /** Deletes the directory recursively, if it exists. */
  static void delete(Path dir) {
    if (!Files.exists(dir)) {
      return;
    }
    try {
      List<Path> all;
      try (Stream<Path> tree = Files.walk(dir)) {
        all = tree.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path each : all) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + dir, e);
    }
  }
}
