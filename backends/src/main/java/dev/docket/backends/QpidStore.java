package dev.docket.backends;

import java.nio.file.Path;
import java.util.Optional;

/** The directory in which a running broker stores durable objects. A broker in memory has none. */
final class QpidStore implements AutoCloseable {

  private static final String DERBY_LOG = "derby.stream.error.file";

  private static final Path DISCARD = Path.of("/dev/null");

  private final Optional<Path> messages;
  private final Optional<StoreLock> lock;

  private QpidStore(Optional<Path> messages, Optional<StoreLock> lock) {
    this.messages = messages;
    this.lock = lock;
  }

  /** Opens the store and locks it. */
  static QpidStore open(Optional<Path> path) {
    Optional<Path> dir = path.map(Directories::create);
    // If the path is not a directory, Derby creates a store elsewhere.
    Optional<Path> messages = dir.map(parent -> Directories.create(parent.resolve("store")));
    // Derby is loaded without a store too, and creates an empty log in the working directory.
    logDerbyTo(dir.map(parent -> parent.resolve("derby.log")).orElse(DISCARD));
    return new QpidStore(messages, dir.map(StoreLock::acquire));
  }

  /**
   * Derby has one log for the whole JVM. It is in the directory of the first store, not in the
   * working directory.
   */
  private static void logDerbyTo(Path file) {
    String current = System.getProperty(DERBY_LOG);
    if (current == null || current.equals(DISCARD.toString())) {
      System.setProperty(DERBY_LOG, file.toString());
    }
  }

  Optional<Path> messages() {
    return messages;
  }

  /** The end of Derby's log, for an error message. Empty if there is no store. */
  String quoteLog() {
    String file = System.getProperty(DERBY_LOG);
    return messages.isEmpty() || file == null ? "" : new ServerLog(Path.of(file), 0).quote();
  }

  @Override
  public void close() {
    lock.ifPresent(StoreLock::close);
  }
}
