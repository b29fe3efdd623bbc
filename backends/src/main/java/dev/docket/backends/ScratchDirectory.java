package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A temporary directory. {@link #close()} deletes it recursively. */
public final class ScratchDirectory implements AutoCloseable {

  private final Path path;

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  /**
   * Creates a directory in the system's temporary directory.
   *
   * <p>Other users can reach files in the directory but not list it, because Elasticsearch may run
   * as the user nobody.
   *
   * @param name start of the directory's name
   */
  public static ScratchDirectory create(String name) {
    try {
      Path path = Files.createTempDirectory(name + "-");
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
      return new ScratchDirectory(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    Directories.delete(path);
  }
}
