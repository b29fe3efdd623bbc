package dev.docket.worker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.wire.AckWindow;
import dev.docket.wire.TaskMessage;
import dev.docket.wire.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the broker with a channel for each queue, thrown away when anything of it
 * fails. All methods are called on the loop's one thread; each may fail with an {@link IOException}
 * or a {@link ShutdownSignalException}.
 */
final class BrokerSession {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);
  private static final boolean DURABLE = true;
  private static final boolean EXCLUSIVE = true;
  private static final boolean AUTO_DELETE = true;
  private static final boolean AUTO_ACK = true;
  private static final boolean REQUEUE = true;

  /** What is heard from the broker. */
  interface Listener {
    void delivered(Delivery delivery);

    /** A queue has gone, with its consumer. */
    void queueGone(BrokerSession session);

    /** Called on any thread, once for each channel. */
    void lost(BrokerSession session, Throwable why);
  }

  private final Connection connection;
  private final BrokerLoop loop;
  private final List<Intake> intakes = new ArrayList<>();
  private final String exchange;
  private final Listener listener;
  private volatile boolean open = true;

  private BrokerSession(
      Connection connection, BrokerLoop loop, String exchange, Listener listener) {
    this.connection = connection;
    this.loop = loop;
    this.exchange = exchange;
    this.listener = listener;
  }

  /** Connects and declares, but does not consume yet. */
  static BrokerSession open(
      BrokerAddress broker, WorkerSettings settings, BrokerLoop loop, Listener listener)
      throws IOException, TimeoutException {
    ConnectionFactory factory = broker.connectionFactory();
    factory.setThreadFactory(NamedThreads.daemon(settings.name(), "amqp"));
    Connection connection = factory.newConnection(loop.executor(), settings.name());
    BrokerSession session =
        new BrokerSession(connection, loop, settings.queuePrefix() + Topology.EXCHANGE, listener);
    try {
      for (String key : settings.keys()) {
        for (String type : settings.typeNames()) {
          session.intakes.add(
              session
              .new Intake(
                  Topology.queue(settings.queuePrefix(), key, type),
                  Topology.routingKey(type, key)));
        }
      }
      session.declare();
    } catch (IOException | RuntimeException failed) {
      connection.abort(1_000);
      throw failed;
    }
    return session;
  }

  /** Declares everything that the worker needs; harmless if it is there. */
  void declare() throws IOException {
    for (Intake intake : intakes) {
      intake.declare();
    }
  }

  int queues() {
    return intakes.size();
  }

  /**
   * @param prefetch how many messages each queue may hand out before they are settled
   */
  void consume(int prefetch) throws IOException {
    for (Intake intake : intakes) {
      intake.consume(prefetch);
    }
  }

  void cancel() throws IOException {
    for (Intake intake : intakes) {
      intake.cancel();
    }
  }

  /** Whether messages of it can still be settled. */
  boolean isOpen() {
    return open;
  }

  /** Lets go of the connection, without a wait if the broker does not answer. */
  void close() {
    open = false;
    connection.abort(2_000);
  }

  /** A message in hand, not settled yet. */
  static final class Delivery {
    private final BrokerSession session;
    private final Intake intake;
    private final long tag;
    private final AMQP.BasicProperties properties;
    private final byte[] body;

    private Delivery(Intake intake, long tag, AMQP.BasicProperties properties, byte[] body) {
      this.session = intake.session();
      this.intake = intake;
      this.tag = tag;
      this.properties = properties;
      this.body = body;
    }

    BrokerSession session() {
      return session;
    }

    Intake intake() {
      return intake;
    }

    /** Counts the messages of its channel. */
    long tag() {
      return tag;
    }

    int priority() {
      return properties.getPriority() == null ? 0 : properties.getPriority();
    }

    AMQP.BasicProperties properties() {
      return properties;
    }

    TaskMessage message() throws IOException {
      return WireJson.read(body, TaskMessage.class);
    }

    /** Goes out with all that are acknowledged before the loop comes to it. */
    void acknowledge() {
      intake.acknowledge(tag);
    }

    /** The broker gives it to somebody, in its old place. */
    void handBack() throws IOException {
      intake.reject(tag, REQUEUE);
    }

    /** Nobody gets it again. */
    void reject() throws IOException {
      intake.reject(tag, !REQUEUE);
    }
  }

  /** One queue on a channel of its own, so that each has a prefetch of its own on every broker. */
  final class Intake {
    private final String queue;
    private final String routingKey;
    private final Channel channel;
    private final AckWindow window = new AckWindow();
    private boolean acknowledging;
    private @Nullable String consumer;

    private Intake(String queue, String routingKey) throws IOException {
      this.queue = queue;
      this.routingKey = routingKey;
      this.channel =
          connection
              .openChannel()
              .orElseThrow(() -> new IOException("the broker allows no more channels"));
      channel.addShutdownListener(why -> listener.lost(BrokerSession.this, why));
    }

    private void acknowledge(long tag) {
      window.decided(tag);
      if (!acknowledging) {
        acknowledging = true;
        loop.act(this::acknowledgeDecided);
      }
    }

    private void acknowledgeDecided() throws IOException {
      acknowledging = false;
      if (!isOpen()) {
        return;
      }
      for (AckWindow.Ack ack : window.take()) {
        channel.basicAck(ack.tag(), ack.multiple());
      }
    }

    private void reject(long tag, boolean requeue) throws IOException {
      window.settled(tag);
      channel.basicReject(tag, requeue);
    }

    private BrokerSession session() {
      return BrokerSession.this;
    }

    private void declare() throws IOException {
      channel.exchangeDeclare(exchange, BuiltinExchangeType.TOPIC, DURABLE);
      channel.queueDeclare(queue, DURABLE, !EXCLUSIVE, !AUTO_DELETE, Topology.QUEUE_ARGUMENTS);
      channel.queueBind(queue, exchange, routingKey);
    }

    private void consume(int prefetch) throws IOException {
      channel.basicQos(prefetch);
      consumer = channel.basicConsume(queue, !AUTO_ACK, new DeliveryConsumer(channel));
    }

    private void cancel() throws IOException {
      String tag = consumer;
      consumer = null;
      if (tag != null) {
        channel.basicCancel(tag);
      }
    }

    private final class DeliveryConsumer extends DefaultConsumer {
      private DeliveryConsumer(Channel channel) {
        super(channel);
      }

      @Override
      public void handleDelivery(
          String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        window.delivered(envelope.getDeliveryTag());
        listener.delivered(new Delivery(Intake.this, envelope.getDeliveryTag(), properties, body));
      }

      @Override
      public void handleCancel(String tag) {
        LOG.warn("the queue {} has gone", queue);
        if (tag.equals(consumer)) {
          consumer = null;
        }
        listener.queueGone(BrokerSession.this);
      }
    }
  }
}
