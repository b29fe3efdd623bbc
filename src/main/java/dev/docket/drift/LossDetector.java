package dev.docket.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides when messages are lost: when several consecutive comparisons of a binding group agree. A
 * single comparison proves nothing. Not thread-safe.
 */
public final class LossDetector {

  /** After this many ineffective repairs of a group, each further one is delayed longer. */
  private static final int MAX_INEFFECTIVE_REPAIRS = 2;

  private static final Duration INITIAL_BACKOFF = Duration.ofSeconds(30);
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(10);

  private final LossDetectionSettings settings;
  private final Map<String, Streak> streaks = new HashMap<>();

  public LossDetector(LossDetectionSettings settings) {
    this.settings = settings;
  }

  /**
   * Lost messages of a group, whose tasks the leader republishes.
   *
   * @param comparison the last of the comparisons that agree
   * @param tasks number of tasks to republish, at least 1; all settled tasks if the broker has no
   *     message
   */
  public record DetectedLoss(Comparison comparison, long tasks) {}

  /** Consecutive comparisons of a group that found messages missing. */
  private static final class Streak {
    private final List<Comparison> comparisons = new ArrayList<>();
    private int ineffectiveRepairs;
    private Instant repairedAt = Instant.MIN;
    private Instant pausedUntil = Instant.MIN;
  }

  /** Adds the comparisons of one census, and returns the losses on which the latest ones agree. */
  public List<DetectedLoss> add(Collection<Comparison> comparisons) {
    List<DetectedLoss> losses = new ArrayList<>();
    Set<String> groups = new HashSet<>();
    for (Comparison comparison : comparisons) {
      groups.add(comparison.group().name());
      add(comparison).ifPresent(losses::add);
    }
    streaks.keySet().retainAll(groups);
    return losses;
  }

  private Optional<DetectedLoss> add(Comparison comparison) {
    String name = comparison.group().name();
    switch (comparison.status()) {
      case UNKNOWN -> {
        streaks.remove(name);
        return Optional.empty();
      }
      case REPLIES_PENDING -> {
        return Optional.empty();
      }
      case COMPARED -> {
        // Evaluated below.
      }
    }
    Streak streak = streaks.computeIfAbsent(name, n -> new Streak());
    if (comparison.missing() == 0) {
      // Right after a repair, republished messages may hide lost ones, so this proves nothing yet.
      Instant conclusive =
          streak.repairedAt.plus(settings.minMessageAge()).plus(settings.minInterval());
      if (comparison.at().isAfter(conclusive)) {
        streaks.remove(name);
      }
      return Optional.empty();
    }
    List<Comparison> comparisons = streak.comparisons;
    if (!comparisons.isEmpty() && isTooClose(comparison, comparisons.get(comparisons.size() - 1))) {
      return Optional.empty();
    }
    comparisons.add(comparison);
    if (comparisons.size() > settings.requiredComparisons()) {
      comparisons.remove(0);
    }
    if (comparisons.size() < settings.requiredComparisons()
        || comparison.at().isBefore(streak.pausedUntil)) {
      return Optional.empty();
    }
    boolean empty =
        comparison.empty()
            && 2 * comparisons.stream().filter(Comparison::empty).count() > comparisons.size();
    return Optional.of(new DetectedLoss(comparison, empty ? Long.MAX_VALUE : median(comparisons)));
  }

  private boolean isTooClose(Comparison comparison, Comparison previous) {
    return comparison.at().isBefore(previous.at().plus(settings.minInterval()));
  }

  /**
   * Each comparison gives a lower bound of the loss, since new messages may hide lost ones. The
   * minimum would find too few, and the maximum would trust a single comparison.
   */
  private static long median(List<Comparison> comparisons) {
    long[] missing = comparisons.stream().mapToLong(Comparison::missing).sorted().toArray();
    return missing[missing.length / 2];
  }

  /**
   * Records that the leader has republished tasks of a group, and starts a new streak. A loss on a
   * busy queue takes several repairs, because republished messages hide lost ones. But a queue that
   * drops everything it receives (a length limit, a time to live) would be refilled forever: if the
   * same tasks are lost again, the group is paused for longer each time, up to 10 minutes.
   *
   * @param repeated whether some of the tasks had been republished before
   */
  public void recordRepair(DetectedLoss loss, boolean repeated, Instant now) {
    Streak streak = streaks.computeIfAbsent(loss.comparison().group().name(), n -> new Streak());
    streak.comparisons.clear();
    streak.repairedAt = now;
    if (repeated) {
      streak.ineffectiveRepairs++;
    }
    int excess = streak.ineffectiveRepairs - MAX_INEFFECTIVE_REPAIRS;
    if (repeated && excess >= 0) {
      Duration pause = INITIAL_BACKOFF.multipliedBy(1L << Math.min(excess, 10));
      streak.pausedUntil = now.plus(pause.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : pause);
    }
  }

  /** Discards all streaks, after a reconnect to the broker or a change of the leader. */
  public void reset() {
    streaks.clear();
  }
}
