package dev.docket.console;

import dev.docket.counts.Backlog;
import dev.docket.counts.RecentWork;
import dev.docket.drift.Drift;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.workers.Occupancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one task key.
 *
 * @param open open tasks by state, in the order of the states' numbers
 * @param queues null if there is no queue, or it was not counted
 * @param workers how busy the workers are; null if unknown
 * @param recent recently ended tasks; null if they were not counted
 */
public record KeyRow(
    TaskKey key,
    List<Backlog> open,
    Drift.@Nullable QueueTotals queues,
    @Nullable Occupancy workers,
    RecentWork.@Nullable KeyWork recent) {

  private static final Comparator<KeyRow> URGENT_FIRST =
      Comparator.comparing((KeyRow row) -> !row.waitsWithoutConsumer())
          .thenComparing(row -> row.waiting() == 0)
          .thenComparing(row -> row.open().isEmpty())
          .thenComparing(KeyRow::key);

  public KeyRow {
    open = open.stream().sorted(Comparator.comparing(count -> count.state().number())).toList();
  }

  /**
   * Returns the rows of all keys: those with waiting tasks and no consumer first, then those with
   * waiting tasks, then those with other open tasks.
   */
  static List<KeyRow> of(
      Collection<Backlog> open,
      Collection<Drift.KeyDrift> drift,
      @Nullable Map<TaskKey, Occupancy> occupancy,
      @Nullable RecentWork recent) {
    Map<TaskKey, List<Backlog>> counts = new TreeMap<>();
    open.forEach(count -> counts.computeIfAbsent(count.key(), k -> new ArrayList<>()).add(count));
    Map<TaskKey, Drift.QueueTotals> queues = new TreeMap<>();
    for (Drift.KeyDrift key : drift) {
      counts.putIfAbsent(key.key(), List.of());
      if (key.queues() != null) {
        queues.put(key.key(), key.queues());
      }
    }
    Map<TaskKey, RecentWork.KeyWork> ended = new TreeMap<>();
    if (recent != null) {
      recent.keys().forEach(work -> ended.put(work.key(), work));
      ended.keySet().forEach(key -> counts.putIfAbsent(key, List.of()));
    }
    if (occupancy != null) {
      occupancy.keySet().forEach(key -> counts.putIfAbsent(key, List.of()));
    }
    return counts.entrySet().stream()
        .map(
            entry -> {
              TaskKey key = entry.getKey();
              return new KeyRow(
                  key,
                  entry.getValue(),
                  queues.get(key),
                  occupancy == null ? null : occupancy.getOrDefault(key, Occupancy.NONE),
                  ended.getOrDefault(key, none(key, recent)));
            })
        .sorted(URGENT_FIRST)
        .toList();
  }

  /** For a key that is not listed: nothing has ended, or the number is unknown. */
  private static RecentWork.@Nullable KeyWork none(TaskKey key, @Nullable RecentWork recent) {
    return recent == null || recent.moreKeys()
        ? null
        : new RecentWork.KeyWork(key, Map.of(), null, null);
  }

  /** The number of tasks that wait for a worker. */
  public long waiting() {
    return open.stream().filter(count -> count.state().isClaimable()).mapToLong(Backlog::due).sum();
  }

  /**
   * Whether tasks wait for a worker, and there is no consumer and no busy worker as far as the
   * server knows. A worker has no consumer while its slots are taken.
   */
  public boolean waitsWithoutConsumer() {
    boolean running =
        open.stream().anyMatch(count -> count.state() == TaskState.PROCESSING && count.due() > 0);
    boolean busy = workers != null && workers.busy();
    return waiting() > 0 && !running && !busy && (queues == null || queues.consumers() == 0);
  }

  /** Since when the task that has waited longest for a worker has waited. */
  public Optional<Instant> waitingSince() {
    return open.stream()
        .filter(count -> count.state().isClaimable())
        .flatMap(count -> Optional.ofNullable(count.oldest()).stream())
        .min(Comparator.naturalOrder());
  }

  /** The workers and how many of their slots are taken; empty if there are none or unknown. */
  public String workersText() {
    if (workers == null || workers.workers() == 0) {
      return "";
    }
    Integer slots = workers.slots();
    return workers.workers()
        + " ("
        + (slots == null
            ? workers.taken() + " running"
            : workers.taken() + " of " + slots + " slots taken")
        + ")";
  }

  /** The number of consumers; null if unknown. */
  public @Nullable Integer consumers() {
    return queues == null ? null : queues.consumers();
  }

  /** The number of messages in the queues or at workers; null if unknown. */
  public @Nullable Long messages() {
    return queues == null ? null : queues.ready() + queues.unacknowledged();
  }

  /** The number of tasks that recently succeeded; null if unknown. */
  public @Nullable Long succeeded() {
    return recent == null ? null : recent.states().getOrDefault(TaskState.SUCCESS, 0L);
  }

  /** The number of tasks that recently failed; null if unknown. */
  public @Nullable Long failed() {
    return recent == null
        ? null
        : recent.states().entrySet().stream()
            .filter(state -> Overview.FAILURES.contains(state.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
  }
}
