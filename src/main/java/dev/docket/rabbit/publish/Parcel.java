package dev.docket.rabbit.publish;

import com.rabbitmq.client.AMQP;
import java.util.Objects;

/** A message to be published, under a {@code message_id} that no other message has. */
final class Parcel {

  private final String exchange;
  private final String routingKey;
  private final AMQP.BasicProperties properties;
  private final byte[] body;

  Parcel(String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body) {
    Objects.requireNonNull(properties.getMessageId(), "message_id");
    this.exchange = exchange;
    this.routingKey = routingKey;
    this.properties = properties;
    this.body = body;
  }

  String id() {
    return properties.getMessageId();
  }

  String exchange() {
    return exchange;
  }

  String routingKey() {
    return routingKey;
  }

  AMQP.BasicProperties properties() {
    return properties;
  }

  byte[] body() {
    return body;
  }
}
