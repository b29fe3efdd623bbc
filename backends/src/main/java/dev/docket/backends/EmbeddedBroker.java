package dev.docket.backends;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Apache Qpid in this JVM, with an AMQP 0-9-1 socket on loopback. In memory, it loses everything
 * when it stops. With a store, durable queues and persistent messages survive a stop, and also
 * {@code kill -9}.
 *
 * <p>Differences from RabbitMQ: an unroutable mandatory message is nacked before it is returned; a
 * passive declare also counts unacknowledged messages; redeclaring a queue with other arguments is
 * accepted; dead-letter exchanges, quorum queues and length limits are ignored. While the broker
 * starts, a client may get reply code 320 and must retry.
 */
public final class EmbeddedBroker implements Broker {

  private final EmbeddedBrokerSettings settings;
  private final int port;
  private final ManagementEndpoint endpoint;
  private volatile @Nullable QpidNode node;

  private EmbeddedBroker(EmbeddedBrokerSettings settings) {
    this.settings = settings;
    QpidNode started = QpidNode.start(settings.store(), settings.port());
    this.node = started;
    this.port = started.port();
    try {
      this.endpoint = ManagementEndpoint.start(settings.managementPort(), this::statistics);
    } catch (BackendStartException e) {
      started.stop();
      throw e;
    }
  }

  /** Starts a broker in memory, on free ports. */
  public static EmbeddedBroker start() {
    return start(EmbeddedBrokerSettings.inMemory());
  }

  /**
   * Starts a broker. It accepts connections when this method returns.
   *
   * @throws BackendStartException if the broker does not start; Qpid logs the details as {@code
   *     org.apache.qpid}
   */
  public static EmbeddedBroker start(EmbeddedBrokerSettings settings) {
    FreePorts.require(settings.port());
    FreePorts.require(settings.managementPort());
    return new EmbeddedBroker(settings);
  }

  private QpidStatistics statistics() {
    QpidNode running = node;
    if (running == null) {
      throw new IllegalStateException("the embedded broker is stopped");
    }
    return new QpidStatistics(running.virtualHost());
  }

  @Override
  public URI amqp() {
    return address("amqp", port);
  }

  @Override
  public URI management() {
    return address("http", endpoint.port());
  }

  private static URI address(String scheme, int port) {
    return URI.create(
        "%s://%s:%s@127.0.0.1:%d"
            .formatted(scheme, QpidConfiguration.USER, QpidConfiguration.PASSWORD, port));
  }

  /** Current statistics of every queue, read from the broker's objects. Thread-safe. */
  public List<QueueStatistics> queues() {
    return statistics().queues();
  }

  /** All bindings of queues. Thread-safe. */
  public List<QueueBinding> bindings() {
    return statistics().bindings();
  }

  @Override
  public void deleteAll(String prefix) {
    statistics().deleteAll(prefix);
  }

  @Override
  public boolean isRunning() {
    return node != null;
  }

  /** Stops the broker. Until it is started again, requests to the management API fail. */
  @Override
  public void stop() {
    QpidNode running = node;
    node = null;
    if (running != null) {
      running.stop();
    }
  }

  @Override
  public void startAgain() {
    if (node != null) {
      throw new IllegalStateException("the embedded broker is running");
    }
    FreePorts.require(port);
    node = QpidNode.start(settings.store(), port);
  }

  @Override
  public void close() {
    endpoint.close();
    stop();
  }
}
