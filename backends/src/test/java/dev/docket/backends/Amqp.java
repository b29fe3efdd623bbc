package dev.docket.backends;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** An AMQP connection with one channel in confirm mode. */
public final class Amqp implements AutoCloseable {

  private static final long CONFIRM_TIMEOUT_MILLIS = 10_000;

  private final Connection connection;
  private final Channel channel;

  public Amqp(URI address) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(address);
    connection = factory.newConnection();
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  public Connection connection() {
    return connection;
  }

  public Channel channel() {
    return channel;
  }

  /** Publishes a persistent message and waits for the publisher confirm. */
  public void publish(String exchange, String routingKey, String text) throws Exception {
    channel.basicPublish(
        exchange,
        routingKey,
        MessageProperties.PERSISTENT_TEXT_PLAIN,
        text.getBytes(StandardCharsets.UTF_8));
    channel.waitForConfirms(CONFIRM_TIMEOUT_MILLIS);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
