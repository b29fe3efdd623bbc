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

/** The directory for the data and logs of a stack. A lock keeps other stacks from using it. */
final class DataDirectory implements AutoCloseable {

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** Opens and locks the directory. Creates it if necessary, and keeps existing files. */
  static DataDirectory open(Path directory) {
    Path path = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path.resolve("logs"));
      requireWritable(path);
      return new DataDirectory(path, acquireLock(path));
    } catch (IOException e) {
      throw new UserError("Cannot use " + path + " as the data directory: " + e, e);
    }
  }

  private static void requireWritable(Path path) {
    for (String name : List.of(".", "logs", "broker", "elasticsearch")) {
      Path child = path.resolve(name).normalize();
      if (Files.exists(child) && !Files.isWritable(child)) {
        throw new UserError(
            "No permission to write to " + child + "; choose another data directory.");
      }
    }
  }

  private static FileChannel acquireLock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new UserError("Another Docket is using " + path + ".");
    }
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
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

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UserError("Cannot release the lock on " + path + ": " + e, e);
    }
  }
}
