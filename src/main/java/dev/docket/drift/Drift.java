package dev.docket.drift;

import dev.docket.task.Backlog;
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
 * How far store and broker disagreed at the last look of this server.
 *
 * @param at when the broker was counted; null: it has not been compared
 * @param census whether the broker can be counted
 * @param why why there is no comparison, or not of all; null if all was compared
 * @param answersWaitSince since when there have been answers of workers waiting at each look; null
 *     unless that is for so long that only older tasks are compared
 * @param moreRoutes whether there are more routes than were counted
 * @param missing in all groups; null where nothing could be compared
 * @param surplus in all groups; null where nothing could be compared
 * @param keys in their order
 */
public record Drift(
    @Nullable Instant at,
    boolean census,
    @Nullable String why,
    @Nullable Instant answersWaitSince,
    boolean moreRoutes,
    @Nullable Long missing,
    @Nullable Long surplus,
    List<OfKey> keys) {

  /** Before the first look. */
  public static final Drift NONE =
      new Drift(null, false, "nobody has looked yet", null, false, null, null, List.of());

  public Drift {
    keys = List.copyOf(keys);
  }

  /**
   * One key's. What the broker has is that of all keys of its groups.
   *
   * @param open how many of its tasks are in each state
   * @param waitingSince since when the one that waits for longest for its worker has
   * @param broker null where it could not be counted
   * @param missing null where nothing could be compared
   * @param surplus null where nothing could be compared
   * @param group the other keys whose messages come into the same queues
   */
  public record OfKey(
      TaskKey key,
      Map<TaskState, Long> open,
      @Nullable Instant waitingSince,
      @Nullable Broker broker,
      @Nullable Long missing,
      @Nullable Long surplus,
      @Nullable Instant lastRepair,
      Set<TaskKey> group) {}

  /** What is in the queues. */
  public record Broker(long ready, long unacknowledged, int consumers) {

    static Broker both(Broker a, Broker b) {
      return new Broker(
          a.ready + b.ready, a.unacknowledged + b.unacknowledged, a.consumers + b.consumers);
    }
  }

  /** Where the broker was not compared. */
  public static Drift unknown(
      boolean census, String why, Collection<Backlog> store, Map<TaskKey, Instant> repairs) {
    Rows rows = new Rows();
    store.forEach(rows::add);
    return new Drift(null, census, why, null, false, null, null, rows.of(repairs));
  }

  /** What a look has found. */
  public static Drift of(
      CensusSnapshot look,
      @Nullable Instant answersWaitSince,
      Collection<Comparison> compared,
      Collection<Backlog> store,
      Map<TaskKey, Instant> repairs) {
    Rows rows = new Rows();
    store.forEach(rows::add);
    long missing = 0;
    long surplus = 0;
    boolean any = compared.isEmpty();
    String why = null;
    for (Comparison comparison : compared) {
      rows.add(comparison);
      any |= comparison.standing() != Comparison.Standing.UNKNOWN;
      why = why == null ? why(comparison) : why;
      missing += comparison.missing();
      surplus += comparison.surplus();
    }
    return new Drift(
        look.at(),
        true,
        why,
        answersWaitSince,
        look.store().more(),
        any ? missing : null,
        any ? surplus : null,
        rows.of(repairs));
  }

  private static @Nullable String why(Comparison comparison) {
    Set<TaskKey> keys = comparison.group().keys();
    return switch (comparison.standing()) {
      case COMPARED -> null;
      case ANSWERS_PENDING -> "answers of workers are still to be stored, maybe some of " + keys;
      case UNKNOWN -> "nobody can say how many messages there are of " + keys;
    };
  }

  /** The rows while they are made. */
  private static final class Rows {

    private static final class Row {
      private final Map<TaskState, Long> open = new EnumMap<>(TaskState.class);
      private final Set<TaskKey> group = new TreeSet<>();
      private @Nullable Instant waitingSince;
      private @Nullable Broker broker;
      private @Nullable Long missing;
      private @Nullable Long surplus;
    }

    private final Map<TaskKey, Row> rows = new TreeMap<>();

    void add(Backlog backlog) {
      Row row = row(backlog.key());
      row.open.merge(backlog.state(), backlog.count(), Long::sum);
      Instant oldest = backlog.oldest();
      Instant known = row.waitingSince;
      if (backlog.state().isClaimable()
          && oldest != null
          && (known == null || oldest.isBefore(known))) {
        row.waitingSince = oldest;
      }
    }

    void add(Comparison comparison) {
      BindingGroup group = comparison.group();
      for (TaskKey key : group.keys()) {
        Row row = row(key);
        row.group.addAll(group.keys());
        if (group.counted()) {
          Broker broker = new Broker(group.ready(), group.unacknowledged(), group.consumers());
          row.broker = row.broker == null ? broker : Broker.both(row.broker, broker);
        }
        if (comparison.standing() != Comparison.Standing.UNKNOWN) {
          if (comparison.standing() == Comparison.Standing.COMPARED) {
            row.missing = sum(row.missing, comparison.missing());
          }
          row.surplus = sum(row.surplus, comparison.surplus());
        }
      }
    }

    private static long sum(@Nullable Long known, long more) {
      return known == null ? more : known + more;
    }

    private Row row(TaskKey key) {
      return rows.computeIfAbsent(key, k -> new Row());
    }

    List<OfKey> of(Map<TaskKey, Instant> repairs) {
      repairs.keySet().forEach(this::row);
      return rows.entrySet().stream()
          .map(
              entry -> {
                TaskKey key = entry.getKey();
                Row row = entry.getValue();
                row.group.remove(key);
                return new OfKey(
                    key,
                    row.open,
                    row.waitingSince,
                    row.broker,
                    row.missing,
                    row.surplus,
                    repairs.get(key),
                    row.group);
              })
          .toList();
    }
  }
}
