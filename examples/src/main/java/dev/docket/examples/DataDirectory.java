package dev.docket.examples;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a stack keeps all that it has; only one stack at a time. */
final class DataDirectory implements AutoCloseable {

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** Creates what is missing; what is there stays. */
  static DataDirectory open(Path wanted) {
    Path path = wanted.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path.resolve("logs"));
      requireWritable(path);
      return new DataDirectory(path, locked(path));
    } catch (IOException unusable) {
      throw new UserError("Data cannot be kept in " + path + ": " + unusable, unusable);
    }
  }

  private static void requireWritable(Path path) {
    for (String name : List.of(".", "logs", "broker", "elasticsearch")) {
      Path part = path.resolve(name).normalize();
      if (Files.exists(part) && !Files.isWritable(part)) {
        throw new UserError(
            part + " belongs to somebody else: name another directory for the data.");
      }
    }
  }

  private static FileChannel locked(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw new UserError("Another Docket is running on " + path + ".");
    }
    return channel;
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      return null;
    }
  }

  Path path() {
    return path;
  }

  Path elasticsearch() {
    return path.resolve("elasticsearch");
  }

  Path broker() {
    return path.resolve("broker");
  }

  Path logs() {
    return path.resolve("logs");
  }

  /** Lets another stack have it. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException harmless) {
      throw new UserError("The lock of " + path + " cannot be released: " + harmless, harmless);
    }
  }
}
