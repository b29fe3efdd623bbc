package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Routes and queues that are connected by bindings. A message of one of the routes may be in any of
 * the queues, so only their sums can be compared.
 *
 * @param routes routes with the counts of the store; empty for queues without an open task
 * @param queues empty for a route without a queue
 * @param forwarded whether a binding between exchanges may forward some of the messages to queues
 *     that are not counted
 */
public record BindingGroup(
    List<ExpectedMessages.RouteCount> routes, List<Census.Queue> queues, boolean forwarded) {

  public BindingGroup {
    routes = List.copyOf(routes);
    queues = List.copyOf(queues);
  }

  /** Returns a name that stays the same between censuses, although routes come and go. */
  public String name() {
    return queues.isEmpty()
        ? routes.stream().map(r -> r.protocol() + " " + r.route()).sorted().toList().toString()
        : queues.stream().map(Census.Queue::name).sorted().toList().toString();
  }

  /**
   * Returns the task keys of the routes. Without routes, returns the last words of the bindings'
   * routing keys that are valid task keys.
   */
  public Set<TaskKey> keys() {
    if (!routes.isEmpty()) {
      return routes.stream()
          .map(ExpectedMessages.RouteCount::route)
          .map(Route::key)
          .collect(Collectors.toCollection(TreeSet::new));
    }
    Set<TaskKey> keys = new TreeSet<>();
    for (Census.Queue queue : queues) {
      for (Census.Binding binding : queue.bindings()) {
        String pattern = binding.routingKey();
        String last = pattern.substring(pattern.lastIndexOf('.') + 1);
        if (TaskKey.isValid(last)) {
          keys.add(new TaskKey(last));
        }
      }
    }
    return keys;
  }

  /** Whether there are statistics for all queues that may contain the messages. */
  boolean counted() {
    return !forwarded && queues.stream().allMatch(Census.Queue::counted);
  }

  long ready() {
    return queues.stream().mapToLong(Census.Queue::ready).sum();
  }

  long unacknowledged() {
    return queues.stream().mapToLong(Census.Queue::unacknowledged).sum();
  }

  int consumers() {
    return queues.stream().mapToInt(Census.Queue::consumers).sum();
  }

  long messages() {
    return ready() + unacknowledged();
  }

  long possible() {
    return routes.stream().mapToLong(ExpectedMessages.RouteCount::possible).sum();
  }
}
