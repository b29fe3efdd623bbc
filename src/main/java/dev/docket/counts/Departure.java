package dev.docket.counts;

import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that were no longer ended, because they were run again or deleted. Their times are rounded,
 * so that many such tasks are one value.
 *
 * @param state the state in which they had ended
 * @param endedAt when they had ended, rounded up to a second; {@link Instant#EPOCH} if that was
 *     long before
 * @param leftAt when they left that state, rounded down to a tenth of a second
 * @param count number of tasks
 */
public record Departure(TaskKey key, TaskState state, Instant endedAt, Instant leftAt, long count) {

  private static final long GRANULARITY_MS = 100;

  /** Longer than any count looks back. */
  private static final Duration LONG_BEFORE = DepartureLog.RETENTION.multipliedBy(2);

  /** One task after a change; null if the task was not ended before, or still is. */
  static @Nullable Departure of(Task before, Task after) {
    Instant endedAt = before.run().finishedAt();
    boolean ended = before.state().isFinished() && !before.deleted() && endedAt != null;
    boolean left =
        after.deleted()
            || !after.state().isFinished()
            || after.run().attempt() != before.run().attempt();
    if (!ended || !left || endedAt == null) {
      return null;
    }
    Instant leftAt = after.updatedAt();
    long rounded = Math.floorDiv(leftAt.toEpochMilli(), GRANULARITY_MS) * GRANULARITY_MS;
    boolean longBefore = endedAt.plus(LONG_BEFORE).isBefore(leftAt);
    return new Departure(
        before.key(),
        before.state(),
        longBefore
            ? Instant.EPOCH
            : Instant.ofEpochSecond(-Math.floorDiv(-endedAt.toEpochMilli(), 1000L)),
        Instant.ofEpochMilli(rounded),
        1);
  }

  Departure withCount(long number) {
    return new Departure(key, state, endedAt, leftAt, number);
  }

  /**
   * Whether the tasks were ended at this time.
   *
   * @param time a whole second
   */
  boolean wereEndedAt(Instant time) {
    return !endedAt.isAfter(time) && !leftAt.isBefore(time);
  }
}
