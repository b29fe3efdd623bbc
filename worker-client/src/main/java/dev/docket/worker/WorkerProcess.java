package dev.docket.worker;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identifies this process of the worker, and the process before it. The id is in a file that is
 * locked while the process lives. A process that obtains the lock knows that the process whose id
 * is in the file has ended, however it ended, and can tell the server. Processes with the same name
 * lock different files. Without a writable directory the worker works, but without an id.
 * Thread-safe.
 */
final class WorkerProcess {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

  /** The maximum number of processes with the same name on one machine. */
  private static final int MAX_FILES = 1024;

  private static final int MAX_ID_BYTES = 128;

  /**
   * The files that this JVM has open. On some systems, closing a file releases all locks that the
   * process has on it, so a second worker must not even open it.
   */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final String prefix;

  /** Guarded by this, as are the fields below. */
  private @Nullable Path file;

  private @Nullable FileChannel channel;
  private @Nullable String id;
  private @Nullable String former;

  /**
   * Does no I/O yet.
   *
   * @param worker the worker's name; null if the process has a random one
   */
  WorkerProcess(Path directory, @Nullable String worker, URI server) {
    this.directory = directory;
    this.prefix = filePrefix(worker == null ? "worker" : worker, server);
  }

  /** The directory for programs' state, as the XDG base directory specification defines it. */
  static Path defaultDirectory() {
    String home = System.getenv("XDG_STATE_HOME");
    Path state =
        home != null && home.startsWith("/")
            ? Path.of(home)
            : Path.of(System.getProperty("user.home", ""), ".local", "state");
    return state.resolve("docket-worker");
  }

  /**
   * Differs for each name, server and host, as a shared directory may not lock files across hosts;
   * the readable part is for people.
   */
  private static String filePrefix(String worker, URI server) {
    CRC32 checksum = new CRC32();
    String distinct = worker + "\n" + server + "\n" + WorkerName.host();
    checksum.update(distinct.getBytes(StandardCharsets.UTF_8));
    String readable = worker.replaceAll("[^A-Za-z0-9_-]", "_");
    return readable.substring(0, Math.min(64, readable.length()))
        + "-"
        + "%08x".formatted(checksum.getValue());
  }

  /** Locks a file and chooses an id. Logs a warning and leaves the worker without one on errors. */
  synchronized void begin() {
    try {
      Files.createDirectories(directory);
      for (int i = 0; i < MAX_FILES && channel == null; i++) {
        lock(directory.resolve(prefix + "-" + i + ".instance").toAbsolutePath().normalize());
      }
      if (channel == null) {
        throw new IOException("all " + MAX_FILES + " files of this worker are locked");
      }
    } catch (IOException | RuntimeException e) {
      release();
      LOG.warn(
          "Cannot keep the id of this process in directory {} ({}). The worker works without it, but"
              + " if the process is killed, its tasks run again only after their leases have"
              + " expired. Set stateDirectory(..) to a directory in which the worker may write",
          directory,
          e.toString());
    }
  }

  private void lock(Path candidate) throws IOException {
    if (!OPEN.add(candidate)) {
      return;
    }
    boolean locked = false;
    FileChannel opened = null;
    try {
      opened =
          FileChannel.open(
              candidate,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      FileLock lock = opened.tryLock();
      if (lock != null) {
        former = read(opened);
        String chosen = UUID.randomUUID().toString();
        write(opened, chosen);
        file = candidate;
        channel = opened;
        id = chosen;
        locked = true;
      }
    } finally {
      if (!locked) {
        if (opened != null) {
          opened.close();
        }
        OPEN.remove(candidate);
      }
    }
  }

  /** The id in the file; null if the file is empty or was written only in part. */
  private static @Nullable String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_ID_BYTES + 1);
    channel.position(0);
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      // Reads until the end of the file.
    }
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    return text.matches("[A-Za-z0-9_-]{1," + MAX_ID_BYTES + "}") ? text : null;
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.truncate(0);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
    channel.force(true);
  }

  /** The id of this process; null before {@link #begin}, and if no file could be locked. */
  synchronized @Nullable String id() {
    return id;
  }

  /** The id of the process before, until the server knows that it has ended; null if none. */
  synchronized @Nullable String former() {
    return former;
  }

  /** The server has closed the runs of the process before, or never will. */
  synchronized void formerReported() {
    former = null;
  }

  /**
   * Unlocks the file.
   *
   * @param clean whether the worker holds no run, so that the next process has nothing to report
   */
  synchronized void end(boolean clean) {
    Path ended = file;
    if (ended == null) {
      return;
    }
    try {
      if (clean && former == null) {
        // Before the lock is released: afterwards the file may belong to another process.
        Files.deleteIfExists(ended);
      }
    } catch (IOException e) {
      LOG.debug("Cannot delete {}; the next process reports this one as ended", ended, e);
    }
    release();
  }

  private void release() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("Cannot close {}", file, e);
    }
    if (file != null) {
      OPEN.remove(file);
    }
    channel = null;
    file = null;
  }
}
