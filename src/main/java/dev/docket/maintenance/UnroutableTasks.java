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

  /**
   * Finds the oldest unroutable task of each route, in order of the routes' target types as text,
   * then of their keys.
   *
   * @param after the last route of the previous page; null for the first page
   * @param limit the maximum number of routes
   */
  List<Versioned<Task>> oldestUnroutable(@Nullable Route after, int limit);

  /**
   * Finds the unroutable tasks of a route, the oldest first.
   *
   * @param after the last task of the previous page; null for the first page
   */
  List<Versioned<Task>> unroutable(Route route, @Nullable Task after, int limit);
}
