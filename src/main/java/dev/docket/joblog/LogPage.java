package dev.docket.joblog;

import dev.docket.task.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of lines.
 *
 * @param attempt the number of the task's current attempt, whose run has the lines unless the
 *     request names another one
 * @param next the value of {@code after} for the following lines, also for those that are appended
 *     later; null while there are none
 * @param more whether there are following lines now
 * @param truncated whether one of the logs read so far is full, so that lines are missing
 */
public record LogPage(
    TaskId task,
    int attempt,
    List<LineView> lines,
    @Nullable String next,
    boolean more,
    boolean truncated) {

  public LogPage {
    lines = List.copyOf(lines);
  }
}
