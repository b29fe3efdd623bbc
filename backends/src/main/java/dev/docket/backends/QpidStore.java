package dev.docket.backends;

import java.nio.file.Path;
import java.util.Optional;

/** Where a broker keeps what is durable, while it runs; nowhere, for one in memory. */
final class QpidStore implements AutoCloseable {

  private final Optional<Path> dir;
  private final Optional<StoreLock> lock;

  private QpidStore(Optional<Path> dir) {
    this.dir = dir;
    this.lock = dir.map(StoreLock::take);
  }

  /** Takes the store for this broker alone. */
  static QpidStore open(Optional<Path> wanted) {
    QpidStore store = new QpidStore(wanted.map(Directories::create));
    store.derbyLog().ifPresent(QpidStore::logDerbyTo);
    return store;
  }

  /** Derby writes a file into the working directory unless told otherwise before its first use. */
  private static void logDerbyTo(Path file) {
    String property = "derby.stream.error.file";
    if (System.getProperty(property) == null) {
      System.setProperty(property, file.toString());
    }
  }

  Optional<Path> messages() {
    return dir.map(path -> path.resolve("store"));
  }

  private Optional<Path> derbyLog() {
    return dir.map(path -> path.resolve("derby.log"));
  }

  /** For an error message: the end of the store's log, if there is one. */
  String quoteLog() {
    return derbyLog().map(file -> new ServerLog(file, 0).quote()).orElse("");
  }

  @Override
  public void close() {
    lock.ifPresent(StoreLock::close);
  }
}
