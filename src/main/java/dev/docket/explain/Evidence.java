package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import dev.docket.task.KeyLimits;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.workers.Occupancy;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Facts that an explanation uses in addition to the task's record. A value that is not needed or
 * not available is null.
 *
 * @param policy null if the task's worker protocol is not configured
 * @param limits the limits of the task's key
 * @param brokerError why the broker is unavailable; null if it is available
 * @param storeError why a read or a search failed; null if none failed
 * @param dependencies the task's dependencies that exist, by id; if the task waits for any task of
 *     its document, the first ones of these that have not succeeded
 * @param queues queues and their statistics
 * @param position the task's position in its queue
 * @param workers how busy the workers of the task's route are
 */
record Evidence(
    @Nullable Policy policy,
    KeyLimits limits,
    @Nullable String brokerError,
    @Nullable String storeError,
    @Nullable Map<TaskId, Task> dependencies,
    @Nullable Queues queues,
    @Nullable QueuePosition position,
    @Nullable Occupancy workers) {

  static final Evidence NONE =
      new Evidence(null, KeyLimits.NONE, null, null, null, null, null, null);

  /**
   * The queues of the installation, with their statistics.
   *
   * @param exchange exchange to which the server publishes the task's message
   * @param all every queue that is bound to one of Docket's exchanges
   * @param error why there are no statistics; null if there are
   * @param rejectedAt when the broker rejected the latest message of the task's route; null if it
   *     accepted it
   */
  record Queues(
      String exchange,
      List<Census.Queue> all,
      @Nullable String error,
      @Nullable Instant rejectedAt) {
    Queues {
      all = List.copyOf(all);
    }

    /** Returns the queues that receive messages of the route. */
    List<Census.Queue> boundFor(Route route) {
      return all.stream().filter(queue -> isBoundFor(queue, route)).toList();
    }

    /** Returns the queues that receive messages of the route's key, but not of the route. */
    List<Census.Queue> boundForKeyOnly(Route route) {
      return all.stream()
          .filter(queue -> !isBoundFor(queue, route))
          .filter(queue -> routesOfKey(route).anyMatch(r -> queue.receives(r.toString())))
          .toList();
    }

    /**
     * Returns the target types whose tasks of this key share a queue with the route, including its
     * own type.
     */
    Set<TargetType> typesSharingQueues(Route route) {
      Set<TargetType> types = EnumSet.of(route.type());
      for (Census.Queue queue : boundFor(route)) {
        routesOfKey(route).filter(r -> isBoundFor(queue, r)).forEach(r -> types.add(r.type()));
      }
      return types;
    }

    private static Stream<Route> routesOfKey(Route route) {
      return Stream.of(TargetType.values()).map(type -> new Route(type, route.key()));
    }

    private boolean isBoundFor(Census.Queue queue, Route route) {
      return queue.bindings().stream()
          .anyMatch(b -> b.exchange().equals(exchange) && b.matches(route.toString()));
    }
  }

  /**
   * The task's position in its queue.
   *
   * @param ahead number of tasks that workers receive first, counted up to {@link #MAX_COUNTED}
   * @param recentRunMs durations of the latest successful runs of the key, in milliseconds
   */
  record QueuePosition(long ahead, List<Long> recentRunMs) {

    static final int MAX_COUNTED = 10_000;

    QueuePosition {
      recentRunMs = List.copyOf(recentRunMs);
    }
  }
}
