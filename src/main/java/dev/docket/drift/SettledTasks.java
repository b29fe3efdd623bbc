package dev.docket.drift;

import dev.docket.store.Versioned;
import dev.docket.task.Route;
import dev.docket.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts and finds the tasks whose messages the broker should hold. A task is <i>settled</i> if it
 * was dispatched and last written before a given time, is still 202 and has an empty outbox: its
 * message was confirmed by then, and none is being published. The methods block.
 */
public interface SettledTasks {

  /**
   * Counts the messages that the broker should hold, by worker protocol and route. Refreshes first,
   * so the settled tasks do not include tasks that were claimed or replied to before this call.
   *
   * @param before tasks dispatched and last written before this time are settled
   */
  ExpectedMessages expectedMessages(Instant before);

  /**
   * Finds the settled tasks, as {@link #expectedMessages(Instant)} counts them, the longest
   * dispatched first.
   *
   * @param routes the routes of each worker protocol
   * @param after the last task of the previous page; null for the first page
   */
  List<Versioned<Task>> settled(
      Map<String, Set<Route>> routes, Instant before, @Nullable Task after, int limit);
}
