package dev.docket.backends;

import java.net.URI;

/**
 * A broker that speaks AMQP 0-9-1 on a loopback port. Its addresses stay the same over {@link
 * #stop()} and {@link #startAgain()}. Not for use from several threads at once.
 */
public interface Broker extends AutoCloseable {

  /** Address with credentials, for example {@code amqp://guest:guest@127.0.0.1:5672}. */
  URI amqp();

  /** Base address of the management API, with credentials. */
  URI management();

  boolean isRunning();

  /** Stops the broker in order; what is durable is kept, connections are lost. */
  void stop();

  /**
   * Starts a stopped broker on the same ports with what it had kept.
   *
   * @throws BackendStartException quoting the log
   */
  void startAgain();

  /** Deletes every queue and exchange whose name begins with the prefix, messages included. */
  void deleteAll(String prefix);

  @Override
  void close();
}
