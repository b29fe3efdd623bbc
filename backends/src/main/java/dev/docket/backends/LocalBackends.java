package dev.docket.backends;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Elasticsearch as a child process, and a broker that is embedded or also a child process. */
public final class LocalBackends implements Backends {

  private final LocalElasticsearch elasticsearch;
  private final Broker broker;

  private LocalBackends(LocalElasticsearch elasticsearch, Broker broker) {
    this.elasticsearch = elasticsearch;
    this.broker = broker;
  }

  /**
   * Starts Elasticsearch and an embedded broker with their data in the directory.
   *
   * @throws BackendStartException if one of them does not start; none runs then
   */
  public static LocalBackends embedded(Path dir) {
    return start(
        ElasticsearchSettings.in(dir.resolve("elasticsearch")),
        () -> EmbeddedBroker.start(EmbeddedBrokerSettings.in(dir.resolve("broker"))));
  }

  /**
   * Starts Elasticsearch and a private RabbitMQ with their data in the directory.
   *
   * @throws BackendStartException if one of them does not start; none runs then
   */
  public static LocalBackends rabbit(Path dir) {
    return start(
        ElasticsearchSettings.in(dir.resolve("elasticsearch")),
        () -> LocalRabbitMq.start(RabbitMqSettings.in(dir.resolve("rabbitmq"))));
  }

  /** Wraps a running Elasticsearch and a running broker. {@link #close()} closes both. */
  public static LocalBackends of(LocalElasticsearch elasticsearch, Broker broker) {
    return new LocalBackends(elasticsearch, broker);
  }

  /** Starts Elasticsearch, then the broker. Stops Elasticsearch if the broker does not start. */
  public static LocalBackends start(ElasticsearchSettings settings, Supplier<Broker> broker) {
    LocalElasticsearch elasticsearch = LocalElasticsearch.start(settings);
    try {
      return new LocalBackends(elasticsearch, broker.get());
    } catch (RuntimeException e) {
      elasticsearch.close();
      throw e;
    }
  }

  @Override
  public URI elasticsearch() {
    return elasticsearch.address();
  }

  @Override
  public URI amqp() {
    return broker.amqp();
  }

  @Override
  public Optional<URI> management() {
    return Optional.of(broker.management());
  }

  @Override
  public void close() {
    try (elasticsearch) {
      broker.close();
    }
  }
}
