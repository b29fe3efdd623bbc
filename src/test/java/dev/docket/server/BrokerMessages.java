package dev.docket.server;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.docket.backends.junit.BackendsExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and changes the broker's queues. Each method uses a new connection. */
final class BrokerMessages {

  private BrokerMessages() {}

  private static Connection connect(BackendsExtension backends) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(backends.backends().amqp());
    return factory.newConnection("test");
  }

  /** The number of ready messages in a queue. */
  static long count(BackendsExtension backends, String queue) throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      return channel.queueDeclarePassive(backends.prefix() + queue).getMessageCount();
    }
  }

  /** Those of these queues that exist. */
  static List<String> existing(BackendsExtension backends, List<String> queues) throws Exception {
    List<String> existing = new ArrayList<>();
    try (Connection connection = connect(backends)) {
      for (String queue : queues) {
        // The broker closes the channel if the queue does not exist.
        Channel channel = connection.createChannel();
        try {
          channel.queueDeclarePassive(backends.prefix() + queue);
          existing.add(queue);
          channel.close();
        } catch (IOException e) {
          if (channel.getCloseReason().getReason() instanceof AMQP.Channel.Close close
              && close.getReplyCode() == AMQP.NOT_FOUND) {
            continue;
          }
          throw e;
        }
      }
    }
    return existing;
  }

  /** Purges a queue. */
  static void purge(BackendsExtension backends, String queue) throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      channel.queuePurge(backends.prefix() + queue);
    }
  }

  /** The number of consumers of a queue. */
  static long consumerCount(BackendsExtension backends, String queue) throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      return channel.consumerCount(backends.prefix() + queue);
    }
  }

  /** Deletes a queue. */
  static void delete(BackendsExtension backends, String queue) throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      channel.queueDelete(backends.prefix() + queue);
    }
  }

  /** The correlation id of the first message of a queue. The message stays in the queue. */
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

  /** Publishes a task's message to one queue. */
  static void publish(BackendsExtension backends, String queue, String correlationId, String body)
      throws Exception {
    try (Connection connection = connect(backends);
        Channel channel = connection.createChannel()) {
      channel.basicPublish(
          "",
          backends.prefix() + queue,
          new AMQP.BasicProperties.Builder().correlationId(correlationId).build(),
          body.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Publishes a reply as a worker does. */
  static void reply(BackendsExtension backends, String correlationId, String body)
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
