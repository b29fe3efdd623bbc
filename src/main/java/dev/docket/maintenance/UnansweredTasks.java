package dev.docket.maintenance;

import dev.docket.store.Versioned;
import dev.docket.task.Task;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks that were neither claimed nor replied to for days. The methods block, and lag by the
 * refresh interval.
 */
public interface UnansweredTasks {

  /**
   * Finds tasks whose {@code unanswered_after} has passed without a claim or a reply, the longest
   * overdue first.
   *
   * @param after the last task of the previous page; null for the first page
   */
  List<Versioned<Task>> unanswered(Instant now, @Nullable Task after, int limit);

  /**
   * Whether a task of the same worker protocol, route and priority that was dispatched later has
   * already ended, so that this task was overtaken in the queue.
   */
  boolean isOvertaken(Task task);

  /**
   * Whether a task of the same worker protocol, route and priority that was created earlier still
   * waits for its worker or is running, so that it may not be this task's turn yet.
   */
  boolean isBehindOlderTask(Task task);
}
