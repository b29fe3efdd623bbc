package dev.docket.server;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.docket.backends.junit.BackendsExtension;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Looks into the broker's queues and puts something there, each on a connection of its own. */
final class BrokerMessages {

  private BrokerMessages() {}

  private static Connection connect(BackendsExtension backends) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(backends.backends().amqp());
    return factory.newConnection("test");
  }

  /** How many messages wait in a queue of the installation. */
  static long in(BackendsExtension backends, String queue) throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      return channel.queueDeclarePassive(backends.prefix() + queue).getMessageCount();
    }
  }

  /** Loses what waits in a queue. */
  static void purge(BackendsExtension backends, String queue) throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      channel.queuePurge(backends.prefix() + queue);
    }
  }

  /** How many take from a queue. */
  static long consumers(BackendsExtension backends, String queue) throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      return channel.consumerCount(backends.prefix() + queue);
    }
  }

  /** Loses a queue. */
  static void delete(BackendsExtension backends, String queue) throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      channel.queueDelete(backends.prefix() + queue);
    }
  }

  /** The correlation id of the first message of a queue, which stays there. */
  static Optional<String> peekCorrelationId(BackendsExtension backends, String queue)
      throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      GetResponse first = channel.basicGet(backends.prefix() + queue, false);
      if (first == null) {
        return Optional.empty();
      }
      channel.basicNack(first.getEnvelope().getDeliveryTag(), false, true);
      return Optional.of(first.getProps().getCorrelationId());
    }
  }

  /** Answers as a worker does. */
  static void answer(BackendsExtension backends, String correlationId, String body)
      throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      channel.basicPublish(
          "",
          backends.prefix() + "docket-responses",
          new AMQP.BasicProperties.Builder().correlationId(correlationId).build(),
          body.getBytes(StandardCharsets.UTF_8));
    }
  }
}
