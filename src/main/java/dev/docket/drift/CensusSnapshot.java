package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.task.ExpectedMessages;
import dev.docket.task.Route;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is compared: the broker's queues, and what the store says later. Read in this order, all
 * that left a queue is written by the time it is looked for: a claim is stored before its message
 * is acknowledged, and an answer is published before.
 *
 * @param at when the broker was asked; its figures are of the seconds before
 * @param broker its queues
 * @param answers how many answers of workers waited to be stored when the broker was asked again,
 *     with figures that are no older than {@code at}; null: nobody knows
 * @param before what the store counted as settled is older than this
 * @param store counted after all that
 * @param patient the same with an earlier {@code before}, where the answers have not been all
 *     stored at any look for minutes; null while that is not so
 */
public record CensusSnapshot(
    Instant at,
    Census.Figures broker,
    @Nullable Long answers,
    Instant before,
    ExpectedMessages store,
    @Nullable Patient patient) {

  /**
   * Counted with an earlier limit.
   *
   * @param settled how many of each courier's routes
   */
  public record Patient(Instant before, Map<String, Map<Route, Long>> settled) {

    public static Patient of(Instant before, ExpectedMessages store) {
      Map<String, Map<Route, Long>> settled = new HashMap<>();
      store
          .routes()
          .forEach(
              r ->
                  settled
                      .computeIfAbsent(r.protocol(), c -> new HashMap<>())
                      .put(r.route(), r.settled()));
      return new Patient(before, settled);
    }

    long settled(ExpectedMessages.OfRoute route) {
      return settled.getOrDefault(route.protocol(), Map.of()).getOrDefault(route.route(), 0L);
    }
  }

  /** What came out, a comparison for each group. */
  public List<Comparison> compare(ProtocolExchanges exchanges) {
    return BindingGroups.of(broker, store, exchanges).stream()
        .map(group -> Comparison.of(group, this, exchanges))
        .toList();
  }
}
