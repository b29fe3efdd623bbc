package dev.docket.worker;

import java.util.List;

/** Counts what is in the broker's queues. Figures of a busy broker are some seconds old. */
public interface Census {

  /** Where the broker cannot be asked. */
  Census NONE =
      () -> {
        throw new BrokerUnavailable(
            "nobody can count the broker's queues: broker.management is not configured");
      };

  /**
   * The queues that are bound to an exchange of ours, by name. Blocks.
   *
   * @throws BrokerUnavailable if the broker does not answer, or there is nobody to ask
   */
  List<Queue> look();

  /**
   * A queue of workers.
   *
   * @param ready messages that wait in it
   * @param unacknowledged messages in the hands of its consumers
   * @param bindings what routing keys it takes
   */
  record Queue(
      String name, long ready, long unacknowledged, int consumers, List<Binding> bindings) {
    public Queue {
      bindings = List.copyOf(bindings);
    }
  }

  /**
   * What a queue takes from an exchange.
   *
   * @param exchange its name, with the installation's prefix
   * @param routingKey a pattern of words, as {@code #.ASR}
   */
  record Binding(String exchange, String routingKey) {}
}
