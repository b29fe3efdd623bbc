package dev.docket.events;

/** Publishes events for other programs and servers, best effort. */
public interface EventPublisher {

  /**
   * Publishes an event. Never blocks and never fails; an event that cannot be sent now is dropped.
   *
   * @param routingKey routing key by which consumers select events
   * @param body JSON
   */
  void publish(String routingKey, byte[] body);
}
