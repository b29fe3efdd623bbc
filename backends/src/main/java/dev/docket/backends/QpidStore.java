package dev.docket.backends;

import java.nio.file.Path;
import java.util.Optional;

/** Where a broker keeps what is durable, while it runs; nowhere, for one in memory. */
final class QpidStore implements AutoCloseable {

  private static final String DERBY_LOG = "derby.stream.error.file";

  private static final Path NOWHERE = Path.of("/dev/null");

  private final Optional<Path> messages;
  private final Optional<StoreLock> lock;

  private QpidStore(Optional<Path> messages, Optional<StoreLock> lock) {
    this.messages = messages;
    this.lock = lock;
  }

  /** Takes the store for this broker alone. */
  static QpidStore open(Optional<Path> wanted) {
    Optional<Path> dir = wanted.map(Directories::create);
    // Where it is no directory, Derby would make itself one elsewhere.
    Optional<Path> messages = dir.map(path -> Directories.create(path.resolve("store")));
    // Without a store Derby is loaded too, and would leave an empty log where we stand.
    logDerbyTo(dir.map(path -> path.resolve("derby.log")).orElse(NOWHERE));
    return new QpidStore(messages, dir.map(StoreLock::take));
  }

  /** Derby has one log for the JVM: the first store's, instead of the working directory's. */
  private static void logDerbyTo(Path file) {
    String before = System.getProperty(DERBY_LOG);
    if (before == null || before.equals(NOWHERE.toString())) {
      System.setProperty(DERBY_LOG, file.toString());
    }
  }

  Optional<Path> messages() {
    return messages;
  }

  /** For an error message: the end of the store's log, if there is a store. */
  String quoteLog() {
    String file = System.getProperty(DERBY_LOG);
    return messages.isEmpty() || file == null ? "" : new ServerLog(Path.of(file), 0).quote();
  }

  @Override
  public void close() {
    lock.ifPresent(StoreLock::close);
  }
}
