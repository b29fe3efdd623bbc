package dev.docket.events;

/** Tells other programs and servers, as well as it can be done without holding anybody up. */
public interface EventPublisher {

  /**
   * Never blocks, never fails; what cannot be told now is dropped.
   *
   * @param routingKey by which listeners choose
   * @param body JSON
   */
  void publish(String routingKey, byte[] body);
}
