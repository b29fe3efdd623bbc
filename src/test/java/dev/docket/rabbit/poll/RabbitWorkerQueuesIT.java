package dev.docket.rabbit.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.document.TargetType;
import dev.docket.rabbit.BrokerFixture;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RabbitWorkerQueuesIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  private static final Set<Route> ROUTES =
      Set.of(new Route(TargetType.VIDEO, TaskKey.fromString("ASR")));

  private final AtomicLong nanos = new AtomicLong();
  private final BrokerFixture broker = new BrokerFixture(BACKENDS.broker(), BACKENDS.prefix());
  private final RabbitTopology topology =
      new RabbitTopology(broker.names(), BrokerFixture.protocols(broker.names()));
  private final RabbitWorkerQueues queues = new RabbitWorkerQueues(topology, nanos::get);
  private Connection connection;

  @BeforeEach
  void connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.broker().amqp());
    connection = factory.newConnection("worker-queues");
    topology.declare(connection);
    queues.connected(connection);
  }

  @AfterEach
  void close() {
    connection.abort(2_000);
    broker.close();
  }

  private String queue() {
    return topology.workerQueue(ROUTES.iterator().next());
  }

  private boolean exists() throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclarePassive(queue());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void delete() throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.queueDelete(queue());
    }
  }

  @Test
  void declaresDeletedQueueAgainAfterAMinute() throws Exception {
    queues.declare(ROUTES);
    assertThat(exists()).isTrue();
    delete();
    queues.declare(ROUTES);
    assertThat(exists()).isFalse();
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    queues.declare(ROUTES);
    assertThat(exists()).isTrue();
  }

  @Test
  void queueWithOtherArgumentsDoesNotPreventTheOthers() throws Exception {
    Route conflict = ROUTES.iterator().next();
    Route other = new Route(TargetType.TEXT, TaskKey.fromString("ASR"));
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclare(queue(), true, false, false, Map.of("x-max-length", 5));
    }

    queues.declare(List.of(conflict, other));

    try (Channel channel = connection.createChannel()) {
      assertThat(channel.queueDeclarePassive(topology.workerQueue(other)).getQueue()).isNotEmpty();
    }
    assertThat(topology.conflicts()).singleElement().asString().contains(queue());
  }

  @Test
  void declaresQueuesAgainAfterAReconnect() throws Exception {
    queues.declare(ROUTES);
    delete();
    queues.disconnected();
    assertThatThrownBy(() -> queues.declare(ROUTES)).isInstanceOf(BrokerUnavailable.class);
    Connection other = connection;
    connect();
    other.abort(2_000);
    queues.declare(ROUTES);
    assertThat(exists()).isTrue();
  }

  @Test
  void lostConnectionIsReportedAsUnavailable() {
    connection.abort(2_000);
    assertThatThrownBy(() -> queues.declare(ROUTES)).isInstanceOf(BrokerUnavailable.class);
  }
}
