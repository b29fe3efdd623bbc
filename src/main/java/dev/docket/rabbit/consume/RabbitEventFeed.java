package dev.docket.rabbit.consume;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.concurrent.Backoff;
import dev.docket.events.EventFeed;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.connection.SerialExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the events of all servers through a temporary queue. The queue exists only while the
 * feed has a listener; when it is full, it drops the oldest events.
 */
public final class RabbitEventFeed implements EventFeed, RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitEventFeed.class);
  private static final boolean DURABLE = true;
  private static final boolean EXCLUSIVE = true;
  private static final boolean AUTO_DELETE = true;
  private static final boolean AUTO_ACK = true;
  private static final int PREFETCH = 500;
  private static final String PATTERN = "task.#";
  private static final Map<String, Object> QUEUE_ARGUMENTS =
      Map.of("x-max-length", 10_000, "x-overflow", "drop-head");

  /** Interval of binding the queue again, as its binding is lost if the exchange is deleted. */
  private static final Duration REBIND_INTERVAL = Duration.ofSeconds(30);

  private final RabbitTopology topology;
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  /** Its thread alone uses the fields below. */
  private final SerialExecutor executor = new SerialExecutor("event-feed");

  private @Nullable Connection connection;
  private @Nullable Listener listener;
  private @Nullable Channel channel;
  private String queue = "";

  public RabbitEventFeed(RabbitTopology topology) {
    this.topology = topology;
  }

  public void start() {
    executor.scheduleWithFixedDelay(REBIND_INTERVAL, this::rebind);
  }

  public void stop() {
    executor.shutdown();
  }

  @Override
  public void connected(Connection newConnection) {
    executor.execute(
        () -> {
          connection = newConnection;
          consume();
        });
  }

  @Override
  public void disconnected() {
    executor.execute(
        () -> {
          connection = null;
          closeChannel();
        });
  }

  @Override
  public void open(Listener newListener) {
    executor.execute(
        () -> {
          listener = newListener;
          consume();
        });
  }

  @Override
  public void close() {
    executor.execute(
        () -> {
          listener = null;
          closeChannel();
        });
  }

  private void consume() {
    Connection current = connection;
    Listener receiver = listener;
    if (current == null || receiver == null || channel != null) {
      return;
    }
    Channel opened = null;
    try {
      // The exchange may have been deleted while the connection stayed open.
      topology.declare(current);
      opened = Channels.open(current);
      opened.basicQos(PREFETCH);
      queue = topology.eventExchange() + "." + UUID.randomUUID();
      opened.queueDeclare(queue, !DURABLE, EXCLUSIVE, AUTO_DELETE, QUEUE_ARGUMENTS);
      opened.queueBind(queue, topology.eventExchange(), PATTERN);
      Channel consuming = opened;
      channel = consuming;
      receiver.onConnectionChange(true);
      opened.basicConsume(queue, !AUTO_ACK, new DeliveryConsumer(consuming, receiver));
      opened.addShutdownListener(signal -> executor.execute(() -> lost(consuming)));
      backoff.reset();
    } catch (IOException | TimeoutException | RuntimeException e) {
      LOG.debug("Cannot consume events now; retrying", e);
      Channels.discard(opened);
      closeChannel();
      if (connection != null) {
        executor.schedule(backoff.next(), this::consume);
      }
    }
  }

  /** Stops consuming, and notifies the listener if there is one. */
  private void closeChannel() {
    Channel open = channel;
    channel = null;
    if (open != null) {
      Channels.discard(open);
      Listener receiver = listener;
      if (receiver != null) {
        receiver.onConnectionChange(false);
      }
    }
  }

  private void lost(Channel closed) {
    if (closed == channel) {
      closeChannel();
      executor.schedule(backoff.next(), this::consume);
    }
  }

  private void rebind() {
    Channel current = channel;
    if (current == null) {
      return;
    }
    try {
      current.queueBind(queue, topology.eventExchange(), PATTERN);
    } catch (IOException | ShutdownSignalException e) {
      LOG.debug("Cannot bind the event queue; opening a new channel", e);
      lost(current);
    }
  }

  /** Called on a thread of the connection. */
  private final class DeliveryConsumer extends DefaultConsumer {
    private final Listener receiver;

    private DeliveryConsumer(Channel channel, Listener receiver) {
      super(channel);
      this.receiver = receiver;
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      receiver.onEvent(body);
      try {
        getChannel().basicAck(envelope.getDeliveryTag(), false);
      } catch (AlreadyClosedException closed) {
        // The last client left meanwhile. The event is not needed: the queue is deleted as well.
        LOG.debug("The feed was closed while it delivered an event", closed);
      }
    }

    @Override
    public void handleCancel(String consumerTag) {
      executor.execute(() -> lost(getChannel()));
    }
  }
}
