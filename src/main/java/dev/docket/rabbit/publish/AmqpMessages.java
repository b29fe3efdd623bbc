package dev.docket.rabbit.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import dev.docket.broker.OutboundMessage;
import java.io.IOException;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Writes messages in AMQP. */
final class AmqpMessages {

  private static final Integer PERSISTENT = 2;

  private AmqpMessages() {}

  /**
   * Writes a message; may block.
   *
   * @param id the message id; null if nobody waits for the outcome
   * @param mandatory whether the broker returns the message if no queue is bound for it
   */
  static void publish(
      Channel channel, OutboundMessage message, @Nullable String id, boolean mandatory)
      throws IOException {
    channel.basicPublish(
        message.destination().exchange(),
        message.destination().routingKey(),
        mandatory,
        properties(message.properties(), id),
        message.body());
  }

  private static AMQP.BasicProperties properties(
      OutboundMessage.Properties properties, @Nullable String id) {
    AMQP.BasicProperties.Builder builder =
        new AMQP.BasicProperties.Builder()
            .contentType(properties.contentType())
            .contentEncoding(properties.contentEncoding())
            .priority(properties.priority())
            .correlationId(properties.correlationId())
            .replyTo(properties.replyTo())
            .messageId(id)
            .type(properties.type())
            .appId(properties.appId());
    if (!properties.headers().isEmpty()) {
      builder.headers(properties.headers());
    }
    if (properties.persistent()) {
      builder.deliveryMode(PERSISTENT);
    }
    if (properties.timestamp() != null) {
      builder.timestamp(Date.from(properties.timestamp()));
    }
    return builder.build();
  }
}
