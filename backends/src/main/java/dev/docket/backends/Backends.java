package dev.docket.backends;

import java.net.URI;
import java.util.Optional;

/**
 * A running Elasticsearch and a running broker. {@link #close()} stops both and is idempotent. Both
 * also end with the JVM that started them.
 */
public interface Backends extends AutoCloseable {

  /** Base address of Elasticsearch, without credentials and without a trailing slash. */
  URI elasticsearch();

  /** AMQP address of the broker, with credentials, for the default virtual host. */
  URI amqp();

  /**
   * Base address of RabbitMQ's management API, with credentials. The embedded broker offers only
   * {@code /api/queues} and {@code /api/bindings} of it. Empty if there is no management API.
   */
  Optional<URI> management();

  @Override
  void close();
}
