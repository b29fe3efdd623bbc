package dev.docket.task;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one key that are in one state, which is no end.
 *
 * @param count how many, those that are to wait for their time too
 * @param delayed how many of them are not to be dispatched yet
 * @param oldest since when the one that has been there for longest has been, without the delayed;
 *     null if there is none
 */
public record Backlog(
    TaskKey key, TaskState state, long count, long delayed, @Nullable Instant oldest) {

  /** The most keys that are looked at: those with the most tasks. */
  public static final int MAX_KEYS = 1_000;

  /**
   * Since when a task has been waiting, or running. Nobody writes down when a state began, and a
   * task that is sent again and again is written each time; so on its way to the broker it counts
   * from its submission, with the broker from there, and else from when it last changed.
   */
  public static Optional<Instant> since(Task task) {
    return Optional.ofNullable(
        switch (task.state()) {
          case CREATED, TASK_RESET -> task.createdAt();
          case QUEUED -> task.queuedAt();
          case PROCESSING -> task.startedAt();
          default -> task.updatedAt();
        });
  }
}
