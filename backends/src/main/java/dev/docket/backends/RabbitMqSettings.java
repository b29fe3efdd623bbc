package dev.docket.backends;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of a private RabbitMQ.
 *
 * @param dir directory for data, logs and configuration; a later start continues with the data
 * @param port AMQP port, 0 for a free one
 * @param managementPort port of the management API, 0 for a free one
 * @param overrides additional settings for {@code rabbitmq.conf}; they override the built-in ones
 * @param startTimeout how long a start may take
 */
public record RabbitMqSettings(
    Path dir, int port, int managementPort, Map<String, String> overrides, Duration startTimeout) {

  public RabbitMqSettings {
    overrides = Map.copyOf(overrides);
  }

  /** Default settings, on free ports. */
  public static RabbitMqSettings in(Path dir) {
    return new RabbitMqSettings(dir, 0, 0, Map.of(), Duration.ofMinutes(3));
  }

  public RabbitMqSettings withPort(int newPort) {
    return new RabbitMqSettings(dir, newPort, managementPort, overrides, startTimeout);
  }

  public RabbitMqSettings withManagementPort(int newPort) {
    return new RabbitMqSettings(dir, port, newPort, overrides, startTimeout);
  }

  public RabbitMqSettings withStartTimeout(Duration timeout) {
    return new RabbitMqSettings(dir, port, managementPort, overrides, timeout);
  }

  /** Adds a setting to {@code rabbitmq.conf}, such as {@code consumer_timeout}. */
  public RabbitMqSettings with(String setting, String value) {
    Map<String, String> all = new TreeMap<>(overrides);
    all.put(setting, value);
    return new RabbitMqSettings(dir, port, managementPort, all, startTimeout);
  }
}
