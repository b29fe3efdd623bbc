package dev.docket.drift;

import dev.docket.task.Policy;
import java.util.Map;
import java.util.Optional;

/** The exchanges of the worker protocols, by protocol name. */
public record ProtocolExchanges(Map<String, ProtocolExchange> byProtocol) {

  public ProtocolExchanges {
    byProtocol = Map.copyOf(byProtocol);
  }

  /**
   * The exchange of one worker protocol.
   *
   * @param exchange name of the exchange, with the installation's prefix
   * @param ackMode when the protocol's workers acknowledge messages
   */
  public record ProtocolExchange(String exchange, Policy.AckMode ackMode) {}

  /** Returns empty if the worker protocol is not configured. */
  Optional<ProtocolExchange> of(String protocol) {
    return Optional.ofNullable(byProtocol.get(protocol));
  }
}
