package dev.docket.maintenance;

import dev.docket.store.Versioned;
import dev.docket.task.Route;
import dev.docket.task.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tasks for which no queue is bound (422). The methods block, and lag by the refresh
 * interval.
 */
public interface UnroutableTasks {

  /** The tasks of a route whose runs have the same worker protocol: they need the same queue. */
  record Group(Route route, String protocol) {
    public static Group of(Task task) {
      return new Group(Route.of(task), task.run().protocol());
    }
  }

  /**
   * Finds the oldest unroutable task of each group, in order of the target types as text, then of
   * the keys and the protocols.
   *
   * @param after the last group of the previous page; null for the first page
   * @param limit the maximum number of groups
   */
  List<Versioned<Task>> oldestUnroutable(@Nullable Group after, int limit);

  /**
   * Finds the unroutable tasks of a group, the oldest first.
   *
   * @param after the last task of the previous page; null for the first page
   */
  List<Versioned<Task>> unroutable(Group group, @Nullable Task after, int limit);
}
