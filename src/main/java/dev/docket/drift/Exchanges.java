package dev.docket.drift;

import dev.docket.task.Policy;
import java.util.Map;
import java.util.Optional;

/** Where the tasks of each courier are published to, by the courier's name. */
public record Exchanges(Map<String, OfCourier> byCourier) {

  public Exchanges {
    byCourier = Map.copyOf(byCourier);
  }

  /**
   * One courier's.
   *
   * @param exchange its name, with the installation's prefix
   * @param way how its workers work
   */
  public record OfCourier(String exchange, Policy.Way way) {}

  /** Empty where the courier is not configured any more. */
  Optional<OfCourier> of(String courier) {
    return Optional.ofNullable(byCourier.get(courier));
  }
}
