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
 * A channel that answers come in on, until it closes: what it delivered and did not acknowledge is
 * delivered again then. Belongs to one thread, on which it also calls.
 */
final class ReplyConsumer {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyConsumer.class);
  private static final boolean AUTO_ACK = true;

  private final SerialExecutor loop;
  private final Channel channel;
  private final AckWindow window = new AckWindow();
  private @Nullable String consumer;
  private boolean acknowledging;

  ReplyConsumer(SerialExecutor loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /** Begins; {@code lost} is called when there will be no more, perhaps twice. */
  void consume(String queue, int prefetch, Consumer<Delivery> offered, Consumer<Exception> lost)
      throws IOException {
    channel.basicQos(prefetch);
    consumer = channel.basicConsume(queue, !AUTO_ACK, new DeliveryConsumer(offered, lost));
  }

  /** An answer in hand. */
  static final class Delivery {
    private final ReplyConsumer session;
    private final long tag;
    private final AMQP.BasicProperties properties;
    private final byte[] body;
    private int failures;

    private Delivery(
        ReplyConsumer session, long tag, AMQP.BasicProperties properties, byte[] body) {
      this.session = session;
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

    /** Empty where the worker echoed none. */
    String correlationId() {
      String echoed = properties.getCorrelationId();
      return echoed == null ? "" : echoed;
    }

    /** Whether it can still be acknowledged; if not, it will be delivered again. */
    boolean inHand() {
      return session.channel.isOpen();
    }

    /** Its fate is certain. */
    void acknowledge() {
      session.decided(tag);
    }

    /** Counts one more failure; how many there were before. */
    int failed() {
      return failures++;
    }
  }

  private void decided(long tag) {
    window.decided(tag);
    if (!acknowledging) {
      acknowledging = true;
      // Behind whatever is decided already: all of that goes out in one.
      loop.run(this::acknowledge);
    }
  }

  private void acknowledge() {
    acknowledging = false;
    try {
      for (AckWindow.Ack ack : window.take()) {
        channel.basicAck(ack.tag(), ack.multiple());
      }
    } catch (IOException | ShutdownSignalException lost) {
      LOG.debug("acknowledged too late: they will be delivered again", lost);
    }
  }

  /** No more deliveries; those in hand can still be acknowledged. */
  void cancel() throws IOException {
    if (consumer != null) {
      channel.basicCancel(consumer);
    }
  }

  /** Whether all that was delivered is decided and acknowledged. */
  boolean isIdle() {
    return window.isEmpty() || !channel.isOpen();
  }

  void discard() {
    Channels.discard(channel);
  }

  /** Listens, on a thread of the connection. */
  private final class DeliveryConsumer extends DefaultConsumer {
    private final Consumer<Delivery> offered;
    private final Consumer<Exception> lost;

    private DeliveryConsumer(Consumer<Delivery> offered, Consumer<Exception> lost) {
      super(channel);
      this.offered = offered;
      this.lost = lost;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      Delivery delivery =
          new Delivery(ReplyConsumer.this, envelope.getDeliveryTag(), properties, body);
      loop.run(
          () -> {
            window.delivered(delivery.tag);
            offered.accept(delivery);
          });
    }

    @Override
    public void handleCancel(String tag) {
      loop.run(() -> lost.accept(new IOException("the queue has gone")));
    }

    @Override
    public void handleShutdownSignal(String tag, ShutdownSignalException why) {
      loop.run(() -> lost.accept(why));
    }
  }
}
