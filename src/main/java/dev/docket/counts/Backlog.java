package dev.docket.counts;

import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Number and age of the unfinished tasks of one key in one state.
 *
 * <p>The record of a task does not store when its state began, and each time a task is published
 * again its record is written. Therefore, the age counts from the creation for 201 and 205, from
 * the first publishing of the run for 202, from the start of the run for 102, and from the last
 * change for all other states.
 *
 * @param count the number of tasks, including delayed and manual ones
 * @param delayed the number of tasks that are not due yet, without manual ones
 * @param manual the number of tasks that wait for a person to claim them, or that one has claimed
 * @param limited the number of tasks that wait because of the limits of their key, without manual
 *     ones
 * @param oldest since when the oldest of these tasks waits or runs, excluding delayed, manual and
 *     limited tasks; null if there are no others
 */
public record Backlog(
    TaskKey key,
    TaskState state,
    long count,
    long delayed,
    long manual,
    long limited,
    @Nullable Instant oldest) {

  /** The maximum number of keys that are counted: those with the most tasks. */
  public static final int MAX_KEYS = 1_000;

  /** The number of tasks that wait for a worker program now, or that one runs. */
  public long due() {
    return count - delayed - manual - limited;
  }
}
