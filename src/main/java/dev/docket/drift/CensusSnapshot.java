package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.Route;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The input of a comparison: the broker's queue statistics, and counts that the store made later.
 * Because of this order, every message that had left a queue is accounted for: a claim is stored
 * before its message is acknowledged, and a reply is published before.
 *
 * @param at time at which the broker was asked; its statistics are from the seconds before
 * @param statistics statistics of the broker's queues
 * @param pendingReplies number of replies in the response queue when the broker was asked again,
 *     with statistics that are no older than {@code at}; null if unknown
 * @param settledBefore the store counted tasks dispatched before this as settled
 * @param expected counts of the store, made after the broker was asked twice
 * @param olderTasks counts with an earlier {@code settledBefore}, if every census for minutes has
 *     found pending replies; otherwise null
 */
public record CensusSnapshot(
    Instant at,
    Census.Statistics statistics,
    @Nullable Long pendingReplies,
    Instant settledBefore,
    ExpectedMessages expected,
    @Nullable OlderTasks olderTasks) {

  /**
   * Counts of tasks that were dispatched before an earlier time.
   *
   * @param settled number of settled tasks by worker protocol and route
   */
  public record OlderTasks(Instant settledBefore, Map<String, Map<Route, Long>> settled) {

    public static OlderTasks of(Instant settledBefore, ExpectedMessages expected) {
      Map<String, Map<Route, Long>> settled = new HashMap<>();
      expected
          .routes()
          .forEach(
              r ->
                  settled
                      .computeIfAbsent(r.protocol(), p -> new HashMap<>())
                      .put(r.route(), r.settled()));
      return new OlderTasks(settledBefore, settled);
    }

    long settled(ExpectedMessages.RouteCount route) {
      return settled.getOrDefault(route.protocol(), Map.of()).getOrDefault(route.route(), 0L);
    }
  }

  /** Returns a comparison for each binding group. */
  public List<Comparison> compare(WorkerProtocols protocols) {
    return BindingGroups.of(statistics, expected, protocols).stream()
        .map(group -> Comparison.of(group, this, protocols))
        .toList();
  }
}
