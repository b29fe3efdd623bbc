package dev.docket.backends;

import java.net.URI;

/**
 * A broker that speaks AMQP 0-9-1 on a loopback port. Its addresses stay the same after {@link
 * #stop()} and {@link #startAgain()}. Not thread-safe.
 */
public interface Broker extends AutoCloseable {

  /** Address with credentials, for example {@code amqp://guest:guest@127.0.0.1:5672}. */
  URI amqp();

  /** Base address of the management API, with credentials. */
  URI management();

  boolean isRunning();

  /** Shuts the broker down gracefully. Durable objects are kept, connections are closed. */
  void stop();

  /**
   * Starts a stopped broker on the same ports, with its durable objects.
   *
   * @throws BackendStartException if the broker does not start; the message quotes its log
   */
  void startAgain();

  /** Deletes all queues (with their messages) and exchanges whose names start with the prefix. */
  void deleteAll(String prefix);

  @Override
  void close();
}
