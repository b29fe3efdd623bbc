package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory below the system's temporary one that is deleted with all it holds on closing. */
public final class ScratchDirectory implements AutoCloseable {

  private final Path path;

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  /** Creates one whose name begins with the given one. */
  public static ScratchDirectory create(String name) {
    try {
      return new ScratchDirectory(Files.createTempDirectory(name + "-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      if (!Files.exists(path)) {
        return;
      }
      List<Path> all;
      try (Stream<Path> tree = Files.walk(path)) {
        all = tree.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path each : all) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + path, e);
    }
  }
}
