package dev.docket.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A channel that answers come in on, until it closes. Belongs to one thread. */
final class AnswerSession {

  private final Channel channel;
  private final AckWindow window = new AckWindow();
  private @Nullable String consumer;

  AnswerSession(Channel channel) {
    this.channel = channel;
  }

  /** An answer in hand. */
  static final class Delivery {
    private final AnswerSession session;
    private final long tag;
    private final AMQP.BasicProperties properties;
    private final byte[] body;
    private int failures;

    Delivery(AnswerSession session, long tag, AMQP.BasicProperties properties, byte[] body) {
      this.session = session;
      this.tag = tag;
      this.properties = properties;
      this.body = body;
    }

    AnswerSession session() {
      return session;
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

    /** Counts one more failure; how many there were before. */
    int failed() {
      return failures++;
    }
  }

  Channel channel() {
    return channel;
  }

  void consumer(String tag) {
    consumer = tag;
  }

  void delivered(Delivery delivery) {
    window.delivered(delivery.tag);
  }

  /** Its fate is certain. */
  void decided(Delivery delivery) {
    window.decided(delivery.tag);
  }

  /** Acknowledges all whose fate is certain. */
  void acknowledge() throws IOException {
    for (AckWindow.Ack ack : window.take()) {
      channel.basicAck(ack.tag(), ack.multiple());
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
    return window.isEmpty();
  }
}
