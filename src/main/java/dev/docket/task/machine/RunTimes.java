package dev.docket.task.machine;

import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a run started and how long it took. Values from a worker are limited to the time between the
 * claim and now, so that a wrong one does not distort the counts.
 *
 * @param startedAt when the handler started, by the servers' clocks
 * @param queuedMs milliseconds from publishing until the start; includes the time in which the
 *     worker held the task and had no free slot for it
 * @param runMs milliseconds from the start until the end, or until now
 */
public record RunTimes(Instant startedAt, long queuedMs, long runMs) {

  /**
   * Returns the times of the task's run, which a worker is executing; null if none is.
   *
   * @param timing what the worker measured; without it, the run takes from the claim until now
   */
  public static @Nullable RunTimes of(Task task, RunTiming timing, Instant now) {
    Instant known = task.run().startedAt();
    if (task.state() != TaskState.PROCESSING || known == null) {
      return null;
    }
    Instant claimedAt = claimedAt(task, known);
    Instant startedAt = known;
    if (timing.waitedMs() != null) {
      startedAt = claimedAt.plusMillis(within(timing.waitedMs(), claimedAt, now));
    } else if (timing.runMs() != null && known.equals(claimedAt)) {
      startedAt = now.minusMillis(within(timing.runMs(), claimedAt, now));
    }
    long runMs =
        timing.runMs() == null ? millis(startedAt, now) : within(timing.runMs(), startedAt, now);
    Instant queuedAt = task.run().queuedAt() == null ? claimedAt : task.run().queuedAt();
    return new RunTimes(startedAt, millis(queuedAt, startedAt), runMs);
  }

  /** Whether the worker has reported that it started the handler. */
  static boolean startReported(Task task) {
    Instant startedAt = task.run().startedAt();
    return startedAt != null && !startedAt.equals(claimedAt(task, startedAt));
  }

  /** When the worker got the run: the time of the transition, if the history still has it. */
  private static Instant claimedAt(Task task, Instant startedAt) {
    List<Transition> history = task.history();
    for (int i = history.size() - 1; i >= 0; i--) {
      Transition transition = history.get(i);
      if (transition.attempt() == task.run().attempt()
          && transition.to() == TaskState.PROCESSING
          && transition.from() != TaskState.PROCESSING) {
        return transition.at();
      }
    }
    return startedAt;
  }

  private static long within(long millis, Instant from, Instant to) {
    return Math.max(0, Math.min(millis, millis(from, to)));
  }

  private static long millis(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis());
  }
}
