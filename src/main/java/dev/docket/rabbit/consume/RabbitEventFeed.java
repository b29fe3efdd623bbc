package dev.docket.rabbit.consume;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.events.EventFeed;
import dev.docket.rabbit.connection.Backoff;
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
 * Hears the events of all servers over a queue of its own, which is there only while somebody
 * listens and drops the oldest when it is full.
 */
public final class RabbitEventFeed implements EventFeed, RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitEventFeed.class);
  private static final boolean DURABLE = true;
  private static final boolean EXCLUSIVE = true;
  private static final boolean AUTO_DELETE = true;
  private static final boolean AUTO_ACK = true;
  private static final int PREFETCH = 500;
  private static final String PATTERN = "task.#";
  private static final Map<String, Object> BOUNDED =
      Map.of("x-max-length", 10_000, "x-overflow", "drop-head");

  /** How soon a binding that vanished with its exchange is noticed. */
  private static final Duration REBIND = Duration.ofSeconds(30);

  private final RabbitTopology topology;
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  /** All that follows is touched by it only. */
  private final SerialExecutor loop = new SerialExecutor("event-feed");

  private @Nullable Connection connection;
  private @Nullable Listener listener;
  private @Nullable Channel channel;
  private String queue = "";

  public RabbitEventFeed(RabbitTopology topology) {
    this.topology = topology;
  }

  public void start() {
    loop.each(REBIND, this::bindAgain);
  }

  public void stop() {
    loop.end();
  }

  @Override
  public void connected(Connection fresh) {
    loop.run(
        () -> {
          connection = fresh;
          listen();
        });
  }

  @Override
  public void disconnected() {
    loop.run(
        () -> {
          connection = null;
          deaf();
        });
  }

  @Override
  public void open(Listener fresh) {
    loop.run(
        () -> {
          listener = fresh;
          listen();
        });
  }

  @Override
  public void close() {
    loop.run(
        () -> {
          listener = null;
          deaf();
        });
  }

  private void listen() {
    Connection on = connection;
    Listener to = listener;
    if (on == null || to == null || channel != null) {
      return;
    }
    Channel fresh = null;
    try {
      // The exchange may be gone, and nobody else may have noticed.
      topology.declare(on);
      fresh = Channels.open(on);
      fresh.basicQos(PREFETCH);
      queue = topology.events() + "." + UUID.randomUUID();
      fresh.queueDeclare(queue, !DURABLE, EXCLUSIVE, AUTO_DELETE, BOUNDED);
      fresh.queueBind(queue, topology.events(), PATTERN);
      Channel begun = fresh;
      channel = begun;
      to.connected(true);
      fresh.basicConsume(queue, !AUTO_ACK, new DeliveryConsumer(begun, to));
      fresh.addShutdownListener(why -> loop.run(() -> lost(begun)));
      backoff.reset();
    } catch (IOException | TimeoutException | RuntimeException failed) {
      LOG.debug("events cannot be heard now", failed);
      Channels.discard(fresh);
      deaf();
      if (connection != null) {
        loop.later(backoff.next(), this::listen);
      }
    }
  }

  /** Hears nothing from now on, and says so if anybody listens. */
  private void deaf() {
    Channel ended = channel;
    channel = null;
    if (ended != null) {
      Channels.discard(ended);
      Listener to = listener;
      if (to != null) {
        to.connected(false);
      }
    }
  }

  private void lost(Channel which) {
    if (which == channel) {
      deaf();
      loop.later(backoff.next(), this::listen);
    }
  }

  private void bindAgain() {
    Channel bound = channel;
    if (bound == null) {
      return;
    }
    try {
      bound.queueBind(queue, topology.events(), PATTERN);
    } catch (IOException | ShutdownSignalException gone) {
      LOG.debug("the exchange of events is gone", gone);
      lost(bound);
    }
  }

  /** On a thread of the connection. */
  private final class DeliveryConsumer extends DefaultConsumer {
    private final Listener to;

    private DeliveryConsumer(Channel on, Listener to) {
      super(on);
      this.to = to;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      to.heard(body);
      getChannel().basicAck(envelope.getDeliveryTag(), false);
    }

    @Override
    public void handleCancel(String consumer) {
      loop.run(() -> lost(getChannel()));
    }
  }
}
