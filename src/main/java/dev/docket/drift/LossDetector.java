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
 * Remembers for each group how many looks in a row have found the broker short, since one look
 * proves nothing. For one thread.
 */
public final class LossDetector {

  /** From so many repairs on that did not help they are made less and less often. */
  private static final int MAX_VAIN_REPUBLISHES = 2;

  private static final Duration INITIAL_BACKOFF = Duration.ofSeconds(30);
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(10);

  private final LossDetectionSettings settings;
  private final Map<String, Streak> detector = new HashMap<>();

  public LossDetector(LossDetectionSettings settings) {
    this.settings = settings;
  }

  /**
   * What is to be sent again.
   *
   * @param comparison the last of the looks that agree
   * @param tasks how many, at least 1; all settled ones if the broker has none of them
   */
  public record DetectedLoss(Comparison comparison, long tasks) {}

  private static final class Streak {
    private final List<Comparison> agreed = new ArrayList<>();
    private int vain;
    private Instant repaired = Instant.MIN;
    private Instant notBefore = Instant.MIN;
  }

  /** Adds a look; what all of the last ones agree on comes back. */
  public List<DetectedLoss> add(Collection<Comparison> look) {
    List<DetectedLoss> losses = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Comparison comparison : look) {
      seen.add(comparison.group().name());
      add(comparison).ifPresent(losses::add);
    }
    detector.keySet().retainAll(seen);
    return losses;
  }

  private Optional<DetectedLoss> add(Comparison comparison) {
    String name = comparison.group().name();
    switch (comparison.standing()) {
      case UNKNOWN -> {
        detector.remove(name);
        return Optional.empty();
      }
      case ANSWERS_PENDING -> {
        return Optional.empty();
      }
      case COMPARED -> {
        // Below.
      }
    }
    Streak streak = detector.computeIfAbsent(name, n -> new Streak());
    if (comparison.missing() == 0) {
      // Right after a repair what was sent again hides what may still be lost: that says nothing.
      if (comparison.at().isAfter(streak.repaired.plus(settings.slack()).plus(settings.gap()))) {
        detector.remove(name);
      }
      return Optional.empty();
    }
    List<Comparison> agreed = streak.agreed;
    if (!agreed.isEmpty()
        && comparison.at().isBefore(agreed.get(agreed.size() - 1).at().plus(settings.gap()))) {
      return Optional.empty();
    }
    agreed.add(comparison);
    if (agreed.size() > settings.looks()) {
      agreed.remove(0);
    }
    if (agreed.size() < settings.looks() || comparison.at().isBefore(streak.notBefore)) {
      return Optional.empty();
    }
    boolean empty =
        comparison.empty() && 2 * agreed.stream().filter(Comparison::empty).count() > agreed.size();
    return Optional.of(new DetectedLoss(comparison, empty ? Long.MAX_VALUE : median(agreed)));
  }

  /**
   * Each look by itself says how many are lost at least: new messages may hide lost ones, so the
   * least of all would find too few, and the greatest would trust a single look.
   */
  private static long median(List<Comparison> agreed) {
    long[] missing = agreed.stream().mapToLong(Comparison::missing).sorted().toArray();
    return missing[missing.length / 2];
  }

  /**
   * The group was seen to: its streak begins anew. A loss in the midst of work takes several
   * rounds, as what is sent again hides what is still lost. But a queue that loses all that it is
   * given (a limit, a time to live) would be given it for ever: where the same is lost again, the
   * group is left alone for longer and longer.
   *
   * @param again whether some of it had been sent again before
   */
  public void repaired(DetectedLoss loss, boolean again, Instant now) {
    Streak streak =
        detector.computeIfAbsent(loss.comparison().group().name(), name -> new Streak());
    streak.agreed.clear();
    streak.repaired = now;
    if (again) {
      streak.vain++;
    }
    if (again && streak.vain >= MAX_VAIN_REPUBLISHES) {
      Duration pause =
          INITIAL_BACKOFF.multipliedBy(1L << Math.min(streak.vain - MAX_VAIN_REPUBLISHES, 10));
      streak.notBefore = now.plus(pause.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : pause);
    }
  }

  /** All streaks begin anew: the broker, or who looks at it, is not who it was. */
  public void forget() {
    detector.clear();
  }
}
