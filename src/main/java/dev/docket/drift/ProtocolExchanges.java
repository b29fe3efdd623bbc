package dev.docket.drift;

import dev.docket.task.Policy;
import java.util.Map;
import java.util.Optional;

/** Where the tasks of each courier are published to, by the courier's name. */
public record ProtocolExchanges(Map<String, OfProtocol> byProtocol) {

  public ProtocolExchanges {
    byProtocol = Map.copyOf(byProtocol);
  }

  /**
   * One courier's.
   *
   * @param exchange its name, with the installation's prefix
   * @param ackMode how its workers work
   */
  public record OfProtocol(String exchange, Policy.AckMode ackMode) {}

  /** Empty where the courier is not configured any more. */
  Optional<OfProtocol> of(String protocol) {
    return Optional.ofNullable(byProtocol.get(protocol));
  }
}
