package dev.docket.backends;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of an embedded broker.
 *
 * @param store directory for durable queues and persistent messages; empty to keep everything in
 *     memory
 * @param port AMQP port, 0 for a free one
 * @param managementPort port of the management API, 0 for a free one
 */
public record EmbeddedBrokerSettings(Optional<Path> store, int port, int managementPort) {

  /** In memory, on free ports. */
  public static EmbeddedBrokerSettings inMemory() {
    return new EmbeddedBrokerSettings(Optional.empty(), 0, 0);
  }

  /** On disk, on free ports. */
  public static EmbeddedBrokerSettings in(Path dir) {
    return new EmbeddedBrokerSettings(Optional.of(dir), 0, 0);
  }

  public EmbeddedBrokerSettings withPort(int newPort) {
    return new EmbeddedBrokerSettings(store, newPort, managementPort);
  }

  public EmbeddedBrokerSettings withManagementPort(int newPort) {
    return new EmbeddedBrokerSettings(store, port, newPort);
  }
}
