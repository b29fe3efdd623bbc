package dev.docket.backends;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.elasticsearch.ElasticsearchContainer;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Elasticsearch and RabbitMQ in Docker containers. Needs the Testcontainers modules {@code
 * testcontainers-elasticsearch} and {@code testcontainers-rabbitmq} on the class path, which this
 * artifact does not depend on at run time. If the JVM is killed, Testcontainers' reaper removes the
 * containers.
 */
public final class ContainerBackends implements Backends {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int ELASTICSEARCH_PORT = 9200;

  private final ElasticsearchContainer elasticsearch;
  private final RabbitMQContainer rabbit;

  private ContainerBackends(ContainerImages images) {
    this.elasticsearch =
        new ElasticsearchContainer(
                DockerImageName.parse(images.elasticsearch())
                    .asCompatibleSubstituteFor("docker.elastic.co/elasticsearch/elasticsearch"))
            .withEnv("xpack.security.enabled", "false")
            .withEnv("cluster.routing.allocation.disk.threshold_enabled", "false")
            .withEnv("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
            // Not the default check of the log, whose format differs between images.
            .waitingFor(
                Wait.forHttp("/_cluster/health?wait_for_status=yellow&timeout=1s")
                    .forPort(ELASTICSEARCH_PORT)
                    .forStatusCode(200))
            .withStartupTimeout(TIMEOUT);
    this.rabbit =
        new RabbitMQContainer(
                DockerImageName.parse(images.rabbitMq()).asCompatibleSubstituteFor("rabbitmq"))
            .withStartupTimeout(TIMEOUT);
  }

  /** Starts the default images. */
  public static ContainerBackends start() {
    return start(ContainerImages.defaults());
  }

  /**
   * Pulls the images if necessary, starts both containers and waits until they are ready.
   *
   * @throws BackendStartException if a container does not start; the message quotes the logs, and
   *     both containers are stopped
   */
  public static ContainerBackends start(ContainerImages images) {
    ContainerBackends backends = new ContainerBackends(images);
    try {
      backends.elasticsearch.start();
      backends.rabbit.start();
      return backends;
    } catch (RuntimeException e) {
      BackendStartException failure =
          new BackendStartException("a container did not start: " + backends.logs(e), e);
      backends.close();
      throw failure;
    }
  }

  private String logs(RuntimeException e) {
    StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
    if (elasticsearch.getContainerId() != null) {
      text.append("\nElasticsearch:\n").append(elasticsearch.getLogs());
    }
    if (rabbit.getContainerId() != null) {
      text.append("\nRabbitMQ:\n").append(rabbit.getLogs());
    }
    return text.toString();
  }

  @Override
  public URI elasticsearch() {
    return URI.create(
        "http://"
            + elasticsearch.getHost()
            + ":"
            + elasticsearch.getMappedPort(ELASTICSEARCH_PORT));
  }

  @Override
  public URI amqp() {
    return address("amqp", rabbit.getAmqpPort());
  }

  @Override
  public Optional<URI> management() {
    return Optional.of(address("http", rabbit.getHttpPort()));
  }

  private URI address(String scheme, int port) {
    return URI.create(
        "%s://%s:%s@%s:%d"
            .formatted(
                scheme,
                rabbit.getAdminUsername(),
                rabbit.getAdminPassword(),
                rabbit.getHost(),
                port));
  }

  @Override
  public void close() {
    try (elasticsearch) {
      rabbit.close();
    }
  }
}
