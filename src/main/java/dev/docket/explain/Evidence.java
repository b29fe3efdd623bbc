package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known besides the task's own record. What was not needed, or could not be had, is null.
 *
 * @param policy null if the task's courier is not configured any more
 * @param broker why the broker cannot be used now; null if it can
 * @param store why searches fail now; null if they do not
 * @param others the tasks that it depends on, those that are there
 * @param queues what the broker counts
 * @param line who is before it
 */
record Evidence(
    @Nullable Policy policy,
    @Nullable String broker,
    @Nullable String store,
    @Nullable Map<TaskId, Task> others,
    @Nullable Queues queues,
    @Nullable Line line) {

  static final Evidence NONE = new Evidence(null, null, null, null, null, null);

  /**
   * The queues of the installation.
   *
   * @param exchange where the task's message is published
   * @param all every queue that is bound to an exchange of ours
   * @param unknown why nobody could count; null if somebody did
   */
  record Queues(String exchange, List<Census.Queue> all, @Nullable String unknown) {
    Queues {
      all = List.copyOf(all);
    }

    /** Those that a message of this route comes into. */
    List<Census.Queue> taking(Route route) {
      return all.stream().filter(queue -> takes(queue, route)).toList();
    }

    /** Those that take the key, but not this route. */
    List<Census.Queue> missing(Route route) {
      return all.stream()
          .filter(queue -> !takes(queue, route))
          .filter(queue -> routes(route).anyMatch(other -> queue.takes(other.toString())))
          .toList();
    }

    /** The types whose tasks of this key share a queue with those of the route, itself too. */
    Set<TargetType> sharing(Route route) {
      Set<TargetType> types = EnumSet.of(route.type());
      for (Census.Queue queue : taking(route)) {
        routes(route).filter(other -> takes(queue, other)).forEach(r -> types.add(r.type()));
      }
      return types;
    }

    private static Stream<Route> routes(Route route) {
      return Stream.of(TargetType.values()).map(type -> new Route(type, route.key()));
    }

    private boolean takes(Census.Queue queue, Route route) {
      return queue.bindings().stream()
          .anyMatch(b -> b.exchange().equals(exchange) && b.takes(route.toString()));
    }
  }

  /**
   * Who is before it in its queue.
   *
   * @param ahead how many tasks its workers get first, counted up to {@link #MAX_COUNTED}
   * @param recentRunMs how long the last successful runs of the key took
   */
  record Line(long ahead, List<Long> recentRunMs) {

    static final int MAX_COUNTED = 10_000;

    Line {
      recentRunMs = List.copyOf(recentRunMs);
    }
  }
}
