package dev.docket.rabbit;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.docket.backends.Broker;
import dev.docket.broker.ReplyHandler;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.task.Route;
import dev.docket.wire.Topology;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * A broker with a prefix that no other test has, Docket's side of it, and a bare client that looks
 * at it from outside. Closing it closes what was opened through it, not the broker.
 */
public final class BrokerFixture implements AutoCloseable {

  private final Broker broker;
  private final URI address;
  private final String prefix;
  private final List<Runnable> opened = new ArrayList<>();
  private Connection client;

  public BrokerFixture(Broker broker, String prefix) {
    this(broker, broker.amqp(), prefix + "-" + UUID.randomUUID().toString().substring(0, 8) + ".");
  }

  private BrokerFixture(Broker broker, URI address, String prefix) {
    this.broker = broker;
    this.address = address;
    this.prefix = prefix;
  }

  /** How long anything may take here. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20));
  }

  public Broker broker() {
    return broker;
  }

  public String prefix() {
    return prefix;
  }

  public RabbitSettings settings() {
    return RabbitSettings.at(address).withPrefix(prefix);
  }

  public static WorkerProtocols protocols() {
    return WorkerProtocols.of(List.of(new DocketProtocol(), new LateAckProtocol()));
  }

  public RabbitBroker started() {
    return started(settings());
  }

  /** Docket's side, connected. */
  public RabbitBroker started(RabbitSettings settings) {
    RabbitBroker docket = new RabbitBroker(settings, protocols(), Clock.systemUTC());
    opened.add(docket::stop);
    docket.start();
    awaitReady(docket);
    return docket;
  }

  public RabbitBroker started(RabbitSettings settings, ReplyHandler answers) {
    RabbitBroker docket = new RabbitBroker(settings, protocols(), Clock.systemUTC());
    opened.add(docket::stop);
    docket.answerTo(answers);
    docket.start();
    awaitReady(docket);
    return docket;
  }

  public static void awaitReady(RabbitBroker docket) {
    await().until(() -> docket.healthError().isEmpty());
  }

  /** The bare client; a new one when the last was lost. */
  public synchronized Channel channel() throws Exception {
    if (client == null || !client.isOpen()) {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(broker.amqp());
      factory.setAutomaticRecoveryEnabled(false);
      Connection fresh = factory.newConnection("test");
      client = fresh;
      opened.add(() -> fresh.abort(2_000));
    }
    return client.openChannel().orElseThrow();
  }

  /** A queue of Docket's workers, as their client declares it. */
  public String workerQueue(Route route) throws Exception {
    String queue = Topology.queue(prefix, route.key().value(), route.type().wire());
    try (Channel channel = channel()) {
      channel.exchangeDeclare(prefix + Topology.EXCHANGE, BuiltinExchangeType.TOPIC, true);
      channel.queueDeclare(queue, true, false, false, Topology.QUEUE_ARGUMENTS);
      channel.queueBind(queue, prefix + Topology.EXCHANGE, route.toString());
    }
    return queue;
  }

  /** The first message of a queue, which is then gone; waits for it. */
  public GetResponse first(String queue) throws Exception {
    try (Channel channel = channel()) {
      return await().until(() -> channel.basicGet(queue, true), got -> got != null);
    }
  }

  /** Every message that is in a queue now; it is empty then. */
  public List<GetResponse> drain(String queue) throws Exception {
    List<GetResponse> all = new CopyOnWriteArrayList<>();
    try (Channel channel = channel()) {
      long count = channel.messageCount(queue);
      channel.basicConsume(
          queue,
          true,
          (tag, got) ->
              all.add(new GetResponse(got.getEnvelope(), got.getProperties(), got.getBody(), 0)),
          tag -> {});
      await().until(() -> all.size() >= count);
    }
    return all;
  }

  /** Messages that wait for a consumer. */
  public long ready(String queue) throws Exception {
    try (Channel channel = channel()) {
      return channel.messageCount(queue);
    }
  }

  @Override
  public void close() {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).run();
    }
    if (broker.isRunning()) {
      broker.deleteAll(prefix);
    }
  }
}
