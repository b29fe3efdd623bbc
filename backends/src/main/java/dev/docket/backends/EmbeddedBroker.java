package dev.docket.backends;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Apache Qpid in this JVM, behind a real AMQP 0-9-1 socket on loopback. In memory it forgets all
 * when stopped; with a store, durable queues and persistent messages survive, also a kill -9.
 *
 * <p>Where it differs from RabbitMQ: an unroutable mandatory message is nacked and then returned;
 * passive declare counts unacknowledged messages too; redeclaring with other arguments is accepted;
 * dead-letter exchanges, quorum queues and length limits are ignored. While it starts, a client may
 * get reply 320 and must try again.
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
      this.endpoint = ManagementEndpoint.start(settings.managementPort(), this::figures);
    } catch (BackendStartException e) {
      started.stop();
      throw e;
    }
  }

  /** Starts one in memory, on free ports. */
  public static EmbeddedBroker start() {
    return start(EmbeddedBrokerSettings.inMemory());
  }

  /**
   * Returns when the broker accepts connections.
   *
   * @throws BackendStartException with the reason; what led to it is logged by {@code
   *     org.apache.qpid}
   */
  public static EmbeddedBroker start(EmbeddedBrokerSettings settings) {
    FreePorts.require(settings.port());
    FreePorts.require(settings.managementPort());
    return new EmbeddedBroker(settings);
  }

  private QpidStatistics figures() {
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

  /** What each queue holds now, read from the broker's own objects; any thread may ask. */
  public List<QueueStatistics> queues() {
    return figures().queues();
  }

  /** All bindings of queues; any thread may ask. */
  public List<QueueBinding> bindings() {
    return figures().bindings();
  }

  @Override
  public void deleteAll(String prefix) {
    figures().deleteAll(prefix);
  }

  @Override
  public boolean isRunning() {
    return node != null;
  }

  /** While it is stopped the management API does not answer. */
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
