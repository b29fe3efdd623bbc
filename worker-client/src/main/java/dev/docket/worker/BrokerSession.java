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
 * One connection to the broker, with a channel for each queue. After any failure the session is
 * closed and replaced. All methods are called on the loop's thread; each may throw an {@link
 * IOException} or a {@link ShutdownSignalException}.
 */
final class BrokerSession {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);
  private static final boolean DURABLE = true;
  private static final boolean EXCLUSIVE = true;
  private static final boolean AUTO_DELETE = true;
  private static final boolean AUTO_ACK = true;
  private static final boolean REQUEUE = true;

  /** Receives events from the broker. */
  interface Listener {
    void onDelivery(Delivery delivery);

    /** The broker cancelled a consumer, because its queue was deleted. */
    void onConsumerCancelled(BrokerSession session);

    /** A channel was closed. Called on any thread, once for each channel. */
    void onChannelClosed(BrokerSession session, Throwable cause);
  }

  private final Connection connection;
  private final BrokerLoop loop;
  private final List<QueueConsumer> consumers = new ArrayList<>();
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

  /** Connects and declares exchange, queues and bindings, without consuming. */
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
          session.consumers.add(
              session
              .new QueueConsumer(
                  Topology.queue(settings.queuePrefix(), key, type),
                  Topology.routingKey(type, key)));
        }
      }
      session.declare();
    } catch (IOException | RuntimeException e) {
      connection.abort(1_000);
      throw e;
    }
    return session;
  }

  /** Declares exchange, queues and bindings. Has no effect on those that exist. */
  void declare() throws IOException {
    for (QueueConsumer consumer : consumers) {
      consumer.declare();
    }
  }

  int queueCount() {
    return consumers.size();
  }

  /**
   * @param prefetch the maximum number of unacknowledged messages of each queue
   */
  void consume(int prefetch) throws IOException {
    for (QueueConsumer consumer : consumers) {
      consumer.consume(prefetch);
    }
  }

  void cancel() throws IOException {
    for (QueueConsumer consumer : consumers) {
      consumer.cancel();
    }
  }

  /** Whether its messages can still be acknowledged or rejected. */
  boolean isOpen() {
    return open;
  }

  /** Closes the connection, with a limit of two seconds if the broker does not respond. */
  void close() {
    open = false;
    connection.abort(2_000);
  }

  /** A delivered message that is not acknowledged or rejected yet. */
  static final class Delivery {
    private final BrokerSession session;
    private final QueueConsumer consumer;
    private final long tag;
    private final AMQP.BasicProperties properties;
    private final byte[] body;

    private Delivery(
        QueueConsumer consumer, long tag, AMQP.BasicProperties properties, byte[] body) {
      this.session = consumer.session();
      this.consumer = consumer;
      this.tag = tag;
      this.properties = properties;
      this.body = body;
    }

    BrokerSession session() {
      return session;
    }

    QueueConsumer consumer() {
      return consumer;
    }

    /** The delivery tag, which numbers the messages of a channel. */
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

    /** Acknowledges the message, in one batch with others that are acknowledged in this step. */
    void acknowledge() {
      consumer.acknowledge(tag);
    }

    /** Rejects the message with requeue: the broker delivers it again, in its old position. */
    void requeue() throws IOException {
      consumer.reject(tag, REQUEUE);
    }

    /** Rejects the message without requeue: the broker does not deliver it again. */
    void reject() throws IOException {
      consumer.reject(tag, !REQUEUE);
    }
  }

  /** The consumer of one queue, on a separate channel, so that the prefetch is per queue. */
  final class QueueConsumer {
    private final String queue;
    private final String routingKey;
    private final Channel channel;
    private final AckWindow window = new AckWindow();
    private boolean ackScheduled;
    private @Nullable String consumerTag;

    private QueueConsumer(String queue, String routingKey) throws IOException {
      this.queue = queue;
      this.routingKey = routingKey;
      this.channel =
          connection
              .openChannel()
              .orElseThrow(() -> new IOException("the broker allows no more channels"));
      channel.addShutdownListener(cause -> listener.onChannelClosed(BrokerSession.this, cause));
    }

    private void acknowledge(long tag) {
      window.decided(tag);
      if (!ackScheduled) {
        ackScheduled = true;
        loop.execute(this::sendAcks);
      }
    }

    private void sendAcks() throws IOException {
      ackScheduled = false;
      if (!isOpen()) {
        return;
      }
      for (AckWindow.Ack ack : window.take()) {
        channel.basicAck(ack.tag(), ack.multiple());
      }
    }

    private void reject(long tag, boolean requeue) throws IOException {
      window.rejected(tag);
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
      consumerTag = channel.basicConsume(queue, !AUTO_ACK, new DeliveryConsumer(channel));
    }

    private void cancel() throws IOException {
      String tag = consumerTag;
      consumerTag = null;
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
        listener.onDelivery(
            new Delivery(QueueConsumer.this, envelope.getDeliveryTag(), properties, body));
      }

      @Override
      public void handleCancel(String tag) {
        LOG.warn("Queue {} was deleted; declaring it again", queue);
        if (tag.equals(consumerTag)) {
          consumerTag = null;
        }
        listener.onConsumerCancelled(BrokerSession.this);
      }
    }
  }
}
