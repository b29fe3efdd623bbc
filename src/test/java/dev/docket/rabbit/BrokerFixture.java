package dev.docket.rabbit;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.docket.backends.Broker;
import dev.docket.broker.BrokerNames;
import dev.docket.broker.ReplyHandler;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.SampleSettings;
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
 * A broker with a unique prefix, Docket's adapter for it, and a plain client for inspecting it.
 * Closing the fixture closes what was opened through it, but not the broker.
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

  /** Awaits conditions with a timeout for all tests of the adapter. */
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
    return SampleSettings.at(address, prefix);
  }

  public BrokerNames names() {
    return new BrokerNames(prefix);
  }

  public static WorkerProtocols protocols(BrokerNames names) {
    return WorkerProtocols.of(names, List.of(DocketProtocol::new, LateAckProtocol::new));
  }

  /** Docket's adapter, which is not started. */
  public static RabbitBroker unstarted(RabbitSettings settings) {
    BrokerNames names = new BrokerNames(settings.prefix());
    return new RabbitBroker(settings, names, protocols(names), Clock.systemUTC());
  }

  public RabbitBroker started() {
    return started(settings());
  }

  /** Starts Docket's adapter and waits until it is connected. */
  public RabbitBroker started(RabbitSettings settings) {
    RabbitBroker docket = unstarted(settings);
    opened.add(docket::stop);
    docket.start();
    awaitReady(docket);
    return docket;
  }

  public RabbitBroker started(RabbitSettings settings, ReplyHandler handler) {
    RabbitBroker docket = unstarted(settings);
    opened.add(docket::stop);
    docket.consumeReplies(handler);
    docket.start();
    awaitReady(docket);
    return docket;
  }

  public static void awaitReady(RabbitBroker docket) {
    await().until(() -> docket.healthError().isEmpty());
  }

  /** Opens a channel of the plain client, which reconnects if its connection was lost. */
  public synchronized Channel channel() throws Exception {
    if (client == null || !client.isOpen()) {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(broker.amqp());
      factory.setAutomaticRecoveryEnabled(false);
      Connection connection = factory.newConnection("test");
      client = connection;
      opened.add(() -> connection.abort(2_000));
    }
    return client.openChannel().orElseThrow();
  }

  /** Declares and binds a queue of Docket's own workers, as the worker client does. */
  public String workerQueue(Route route) throws Exception {
    String queue = Topology.queue(prefix, route.key().value(), route.type().wire());
    try (Channel channel = channel()) {
      channel.exchangeDeclare(prefix + Topology.EXCHANGE, BuiltinExchangeType.TOPIC, true);
      channel.queueDeclare(queue, true, false, false, Topology.QUEUE_ARGUMENTS);
      channel.queueBind(queue, prefix + Topology.EXCHANGE, route.toString());
    }
    return queue;
  }

  /** Waits for the first message of a queue and removes it. */
  public GetResponse first(String queue) throws Exception {
    try (Channel channel = channel()) {
      return await().until(() -> channel.basicGet(queue, true), message -> message != null);
    }
  }

  /** Removes and returns all messages that are in a queue. */
  public List<GetResponse> drain(String queue) throws Exception {
    List<GetResponse> messages = new CopyOnWriteArrayList<>();
    try (Channel channel = channel()) {
      long count = channel.messageCount(queue);
      channel.basicConsume(
          queue,
          true,
          (tag, message) ->
              messages.add(
                  new GetResponse(
                      message.getEnvelope(), message.getProperties(), message.getBody(), 0)),
          tag -> {});
      await().until(() -> messages.size() >= count);
    }
    return messages;
  }

  /** The number of messages that are ready in a queue. */
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
