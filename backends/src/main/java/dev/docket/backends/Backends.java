package dev.docket.backends;

import java.net.URI;
import java.util.Optional;

/**
 * An Elasticsearch and a broker that run and answer. Closing ends what was started, and may be
 * called again; every implementation also ends with the JVM that started it.
 */
public interface Backends extends AutoCloseable {

  /** Base address of Elasticsearch, without credentials and without a slash at the end. */
  URI elasticsearch();

  /** Address of the broker, with its credentials, naming the default virtual host. */
  URI amqp();

  /**
   * Base address of RabbitMQ's management API, or of what the embedded broker has of it ({@code
   * /api/queues} and {@code /api/bindings}), with credentials; empty when there is none.
   */
  Optional<URI> management();

  @Override
  void close();
}
