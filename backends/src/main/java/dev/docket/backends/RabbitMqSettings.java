package dev.docket.backends;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to start a private RabbitMQ.
 *
 * @param dir holds data, logs and configuration; a later start finds the data again
 * @param port of AMQP, 0 for a free one
 * @param managementPort 0 for a free one
 * @param more further lines of {@code rabbitmq.conf}; they win over the built-in ones
 * @param limit for the start
 */
public record RabbitMqSettings(
    Path dir, int port, int managementPort, Map<String, String> more, Duration limit) {

  public RabbitMqSettings {
    more = Map.copyOf(more);
  }

  /** On free ports. */
  public static RabbitMqSettings in(Path dir) {
    return new RabbitMqSettings(dir, 0, 0, Map.of(), Duration.ofMinutes(3));
  }

  public RabbitMqSettings withPort(int newPort) {
    return new RabbitMqSettings(dir, newPort, managementPort, more, limit);
  }

  public RabbitMqSettings withManagementPort(int newPort) {
    return new RabbitMqSettings(dir, port, newPort, more, limit);
  }

  public RabbitMqSettings withLimit(Duration newLimit) {
    return new RabbitMqSettings(dir, port, managementPort, more, newLimit);
  }

  /** Adds a setting of {@code rabbitmq.conf}, such as {@code consumer_timeout}. */
  public RabbitMqSettings with(String setting, String value) {
    Map<String, String> all = new TreeMap<>(more);
    all.put(setting, value);
    return new RabbitMqSettings(dir, port, managementPort, all, limit);
  }
}
