package dev.docket.rabbit.consume;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.SerialExecutor;
import dev.docket.wire.AckWindow;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes replies on one channel until the channel closes; the broker then redelivers what was not
 * acknowledged. Confined to one thread, on which it also calls its callbacks.
 */
final class ReplyConsumer {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyConsumer.class);
  private static final boolean AUTO_ACK = true;

  private final SerialExecutor executor;
  private final Channel channel;
  private final AckWindow window = new AckWindow();
  private @Nullable String consumerTag;
  private boolean ackScheduled;

  ReplyConsumer(SerialExecutor executor, Channel channel) {
    this.executor = executor;
    this.channel = channel;
  }

  /**
   * Starts consuming.
   *
   * @param onDelivery called for each reply
   * @param onLost called when there will be no more replies; it may be called twice
   */
  void consume(
      String queue, int prefetch, Consumer<Delivery> onDelivery, Consumer<Exception> onLost)
      throws IOException {
    channel.basicQos(prefetch);
    consumerTag = channel.basicConsume(queue, !AUTO_ACK, new DeliveryConsumer(onDelivery, onLost));
  }

  /** A reply that was received and not yet acknowledged. */
  static final class Delivery {
    private final ReplyConsumer consumer;
    private final long tag;
    private final AMQP.BasicProperties properties;
    private final byte[] body;
    private int failures;

    private Delivery(
        ReplyConsumer consumer, long tag, AMQP.BasicProperties properties, byte[] body) {
      this.consumer = consumer;
      this.tag = tag;
      this.properties = properties;
      this.body = body;
    }

    AMQP.BasicProperties properties() {
      return properties;
    }

    byte[] body() {
      return body;
    }

    /** Empty if the reply has none. */
    String correlationId() {
      String correlationId = properties.getCorrelationId();
      return correlationId == null ? "" : correlationId;
    }

    /** Whether the channel is still open; if not, the broker redelivers the reply. */
    boolean canBeAcknowledged() {
      return consumer.channel.isOpen();
    }

    void acknowledge() {
      consumer.decided(tag);
    }

    /** Counts a failure, and returns the number of previous failures. */
    int countFailure() {
      return failures++;
    }
  }

  private void decided(long tag) {
    window.decided(tag);
    if (!ackScheduled) {
      ackScheduled = true;
      // Runs after the decisions that are already queued, so that one frame acknowledges them all.
      executor.execute(this::acknowledge);
    }
  }

  private void acknowledge() {
    ackScheduled = false;
    try {
      for (AckWindow.Ack ack : window.take()) {
        channel.basicAck(ack.tag(), ack.multiple());
      }
    } catch (IOException | ShutdownSignalException e) {
      LOG.debug("Channel closed before the acknowledgement; the broker redelivers the replies", e);
    }
  }

  /** Stops deliveries; replies that were already received can still be acknowledged. */
  void cancel() throws IOException {
    if (consumerTag != null) {
      channel.basicCancel(consumerTag);
    }
  }

  /** Whether everything received is acknowledged, or the channel is closed. */
  boolean isIdle() {
    return window.isEmpty() || !channel.isOpen();
  }

  void discard() {
    Channels.discard(channel);
  }

  /** Called on a thread of the connection. */
  private final class DeliveryConsumer extends DefaultConsumer {
    private final Consumer<Delivery> onDelivery;
    private final Consumer<Exception> onLost;

    private DeliveryConsumer(Consumer<Delivery> onDelivery, Consumer<Exception> onLost) {
      super(channel);
      this.onDelivery = onDelivery;
      this.onLost = onLost;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      Delivery delivery =
          new Delivery(ReplyConsumer.this, envelope.getDeliveryTag(), properties, body);
      executor.execute(
          () -> {
            window.delivered(delivery.tag);
            onDelivery.accept(delivery);
          });
    }

    @Override
    public void handleCancel(String tag) {
      executor.execute(() -> onLost.accept(new IOException("the queue was deleted")));
    }

    @Override
    public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
      executor.execute(() -> onLost.accept(signal));
    }
  }
}
