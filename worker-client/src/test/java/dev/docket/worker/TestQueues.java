package dev.docket.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.docket.backends.Broker;
import dev.docket.wire.Topology;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Publishes task messages as the server does, and inspects queues. */
final class TestQueues implements AutoCloseable {

  private final Connection connection;
  private final String prefix;

  TestQueues(Broker broker, String prefix) {
    this.prefix = prefix;
    try {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(broker.amqp());
      factory.setAutomaticRecoveryEnabled(false);
      connection = factory.newConnection();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Declares the queue as a worker does, so that messages can wait in it. */
  void declare(String key, String type) {
    onChannel(
        channel -> {
          channel.exchangeDeclare(prefix + Topology.EXCHANGE, BuiltinExchangeType.TOPIC, true);
          channel.queueDeclare(
              Topology.queue(prefix, key, type), true, false, false, Topology.QUEUE_ARGUMENTS);
          channel.queueBind(
              Topology.queue(prefix, key, type),
              prefix + Topology.EXCHANGE,
              Topology.routingKey(type, key));
          return null;
        });
  }

  void publish(String task, String key, String type, int priority) {
    try {
      byte[] body = WireJson.write((Object) Samples.message(task, key, type, priority));
      publish(Samples.run(task).toString(), key, type, priority, body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  void publish(String correlation, String key, String type, int priority, byte[] body) {
    onChannel(
        channel -> {
          channel.confirmSelect();
          channel.basicPublish(
              prefix + Topology.EXCHANGE,
              Topology.routingKey(type, key),
              new AMQP.BasicProperties.Builder()
                  .deliveryMode(2)
                  .priority(priority)
                  .correlationId(correlation)
                  .contentType("application/json")
                  .build(),
              body);
          channel.waitForConfirmsOrDie(10_000);
          return null;
        });
  }

  /** The number of ready messages; on the embedded broker also the unacknowledged ones. */
  long messages(String key, String type) {
    return onChannel(channel -> channel.messageCount(Topology.queue(prefix, key, type)));
  }

  long consumers(String key, String type) {
    return onChannel(channel -> channel.consumerCount(Topology.queue(prefix, key, type)));
  }

  boolean exists(String key, String type) {
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclarePassive(Topology.queue(prefix, key, type));
      return true;
    } catch (IOException | TimeoutException e) {
      return false;
    }
  }

  void delete(String key, String type) {
    onChannel(channel -> channel.queueDelete(Topology.queue(prefix, key, type)));
  }

  private <T> T onChannel(ChannelOperation<T> operation) {
    try (Channel channel = connection.createChannel()) {
      return operation.apply(channel);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @FunctionalInterface
  private interface ChannelOperation<T> {
    T apply(Channel channel) throws Exception;
  }

  @Override
  public void close() {
    connection.abort();
  }
}
