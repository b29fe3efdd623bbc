package dev.docket.drift;

import dev.docket.counts.Backlog;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The difference between store and broker at the latest census of this server.
 *
 * @param at time of the queue statistics in the comparison; null if there is no comparison
 * @param counted whether the census could count the broker's queues
 * @param reason why there is no comparison, or none for some keys; null if all were compared
 * @param repliesPendingSince since when every census has found replies in the response queue; null
 *     unless that is so long that only older tasks are compared
 * @param moreRoutes whether there are more routes than were counted
 * @param missing sum over all groups; null if nothing could be compared
 * @param surplus sum over all groups; null if nothing could be compared
 * @param keys sorted by key
 */
public record Drift(
    @Nullable Instant at,
    boolean counted,
    @Nullable String reason,
    @Nullable Instant repliesPendingSince,
    boolean moreRoutes,
    @Nullable Long missing,
    @Nullable Long surplus,
    List<KeyDrift> keys) {

  /** The value before the first census. */
  public static final Drift NONE =
      unknown(false, "the broker's queues have not been counted yet", List.of(), Map.of());

  public Drift {
    keys = List.copyOf(keys);
  }

  /**
   * The drift of one task key. The queue totals, missing and surplus messages are those of all
   * groups to which the key belongs.
   *
   * @param open number of open tasks by state
   * @param waitingSince since when the task that has waited longest for a worker has waited
   * @param queues null if the queues could not be counted
   * @param missing null if nothing could be compared
   * @param surplus null if nothing could be compared
   * @param group the other keys whose messages go to the same queues
   */
  public record KeyDrift(
      TaskKey key,
      Map<TaskState, Long> open,
      @Nullable Instant waitingSince,
      @Nullable QueueTotals queues,
      @Nullable Long missing,
      @Nullable Long surplus,
      @Nullable Instant lastRepair,
      Set<TaskKey> group) {}

  /** Sums over queues. */
  public record QueueTotals(long ready, long unacknowledged, int consumers) {

    static QueueTotals sum(QueueTotals a, QueueTotals b) {
      return new QueueTotals(
          a.ready + b.ready, a.unacknowledged + b.unacknowledged, a.consumers + b.consumers);
    }
  }

  /** The drift if there is no comparison. */
  public static Drift unknown(
      boolean counted, String reason, Collection<Backlog> backlog, Map<TaskKey, Instant> repairs) {
    Rows rows = new Rows();
    backlog.forEach(rows::add);
    return new Drift(null, counted, reason, null, false, null, null, rows.build(repairs));
  }

  /** The drift that a census has found. */
  public static Drift of(
      CensusSnapshot snapshot,
      @Nullable Instant repliesPendingSince,
      Collection<Comparison> comparisons,
      Collection<Backlog> backlog,
      Map<TaskKey, Instant> repairs) {
    Rows rows = new Rows();
    backlog.forEach(rows::add);
    long missing = 0;
    long surplus = 0;
    boolean known = comparisons.isEmpty();
    String reason = null;
    for (Comparison comparison : comparisons) {
      rows.add(comparison);
      known |= comparison.status() != Comparison.Status.UNKNOWN;
      reason = reason == null ? reason(comparison) : reason;
      missing += comparison.missing();
      surplus += comparison.surplus();
    }
    return new Drift(
        snapshot.at(),
        true,
        reason,
        repliesPendingSince,
        snapshot.expected().truncated(),
        known ? missing : null,
        known ? surplus : null,
        rows.build(repairs));
  }

  private static @Nullable String reason(Comparison comparison) {
    Set<TaskKey> keys = comparison.group().keys();
    return switch (comparison.status()) {
      case COMPARED -> null;
      case REPLIES_PENDING ->
          "replies in the response queue are not processed yet, possibly some for keys " + keys;
      case UNKNOWN -> "the number of messages is unknown for keys " + keys;
    };
  }

  /** Collects the rows by key. */
  private static final class Rows {

    private static final class Row {
      private final Map<TaskState, Long> open = new EnumMap<>(TaskState.class);
      private final Set<TaskKey> group = new TreeSet<>();
      private @Nullable Instant waitingSince;
      private @Nullable QueueTotals queues;
      private @Nullable Long missing;
      private @Nullable Long surplus;
    }

    private final Map<TaskKey, Row> rows = new TreeMap<>();

    void add(Backlog backlog) {
      Row row = row(backlog.key());
      row.open.merge(backlog.state(), backlog.count(), Long::sum);
      Instant oldest = backlog.oldest();
      Instant previous = row.waitingSince;
      if (backlog.state().isClaimable()
          && oldest != null
          && (previous == null || oldest.isBefore(previous))) {
        row.waitingSince = oldest;
      }
    }

    void add(Comparison comparison) {
      BindingGroup group = comparison.group();
      for (TaskKey key : group.keys()) {
        Row row = row(key);
        row.group.addAll(group.keys());
        if (group.counted()) {
          QueueTotals totals =
              new QueueTotals(group.ready(), group.unacknowledged(), group.consumers());
          row.queues = row.queues == null ? totals : QueueTotals.sum(row.queues, totals);
        }
        if (comparison.status() != Comparison.Status.UNKNOWN) {
          if (comparison.status() == Comparison.Status.COMPARED) {
            row.missing = sum(row.missing, comparison.missing());
          }
          row.surplus = sum(row.surplus, comparison.surplus());
        }
      }
    }

    private static long sum(@Nullable Long total, long value) {
      return total == null ? value : total + value;
    }

    private Row row(TaskKey key) {
      return rows.computeIfAbsent(key, k -> new Row());
    }

    List<KeyDrift> build(Map<TaskKey, Instant> repairs) {
      repairs.keySet().forEach(this::row);
      return rows.entrySet().stream()
          .map(
              entry -> {
                TaskKey key = entry.getKey();
                Row row = entry.getValue();
                row.group.remove(key);
                return new KeyDrift(
                    key,
                    row.open,
                    row.waitingSince,
                    row.queues,
                    row.missing,
                    row.surplus,
                    repairs.get(key),
                    row.group);
              })
          .toList();
    }
  }
}
