package dev.docket.admission;

import dev.docket.task.Rate;
import dev.docket.task.TaskKey;
import io.github.bucket4j.Bucket;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many runs of each key its rate permits now. Only the leader hands out runs of keys with a
 * rate, so its memory is enough; a new leader begins with what the store says was handed out. One
 * thread at a time asks about a key.
 */
final class RateTokens {

  private final ConcurrentHashMap<TaskKey, Limited> buckets = new ConcurrentHashMap<>();
  private final LimitedTasks tasks;
  private final Clock clock;

  private record Limited(Rate rate, Bucket bucket) {}

  RateTokens(LimitedTasks tasks, Clock clock) {
    this.tasks = tasks;
    this.clock = clock;
  }

  /** Takes up to {@code max} tokens of a key. Blocks. */
  int take(TaskKey key, Rate rate, int max) {
    return (int) bucket(key, rate).tryConsumeAsMuchAsPossible(max);
  }

  /** Returns tokens that were not used. */
  void giveBack(TaskKey key, Rate rate, int unused) {
    if (unused > 0) {
      bucket(key, rate).addTokens(unused);
    }
  }

  /** How long it takes until there is a token. */
  Duration untilNext(TaskKey key, Rate rate) {
    return Duration.ofNanos(
        bucket(key, rate).estimateAbilityToConsume(1).getNanosToWaitForRefill());
  }

  /** Forgets the buckets, because another server leads. */
  void clear() {
    buckets.clear();
  }

  private Bucket bucket(TaskKey key, Rate rate) {
    Limited known = buckets.get(key);
    if (known == null || !known.rate().equals(rate)) {
      known = new Limited(rate, fresh(key, rate));
      buckets.put(key, known);
    }
    return known.bucket();
  }

  /** A bucket holds what the rate permits in a second, at least one token. */
  private Bucket fresh(TaskKey key, Rate rate) {
    long perSecond = Math.max(1, rate.tasks() / rate.period().toSeconds());
    long handedOut = tasks.handedOutSince(key, clock.instant().minus(rate.period()), rate.tasks());
    long initial = Math.max(0, Math.min(perSecond, rate.tasks() - handedOut));
    return Bucket.builder()
        .addLimit(
            limit ->
                limit
                    .capacity(perSecond)
                    .refillGreedy(rate.tasks(), rate.period())
                    .initialTokens(initial))
        .build();
  }
}
