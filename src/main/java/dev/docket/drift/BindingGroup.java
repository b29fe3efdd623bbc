package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.task.ExpectedMessages;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Routes and queues that bindings join. A message of one of the routes may lie in any of the
 * queues, so only their sums can be compared.
 *
 * @param routes what the store counted; empty for queues that no open task is for
 * @param queues none where a route has no queue any more
 * @param detour whether some of its messages may lie where nobody counts
 */
public record BindingGroup(
    List<ExpectedMessages.OfRoute> routes, List<Census.Queue> queues, boolean detour) {

  public BindingGroup {
    routes = List.copyOf(routes);
    queues = List.copyOf(queues);
  }

  /** The same from look to look, while new routes come and go. */
  public String name() {
    return queues.isEmpty()
        ? routes.stream().map(r -> r.protocol() + " " + r.route()).sorted().toList().toString()
        : queues.stream().map(Census.Queue::name).sorted().toList().toString();
  }

  /** The keys of its routes; without routes what its bindings end in, if that is a key. */
  public Set<TaskKey> keys() {
    if (!routes.isEmpty()) {
      return routes.stream()
          .map(ExpectedMessages.OfRoute::route)
          .map(Route::key)
          .collect(Collectors.toCollection(TreeSet::new));
    }
    Set<TaskKey> keys = new TreeSet<>();
    for (Census.Queue queue : queues) {
      for (Census.Binding binding : queue.bindings()) {
        String pattern = binding.routingKey();
        String last = pattern.substring(pattern.lastIndexOf('.') + 1);
        if (last.matches("[A-Za-z0-9_-]{1,64}")) {
          keys.add(new TaskKey(last));
        }
      }
    }
    return keys;
  }

  /** Whether the broker has told figures of all that its messages may be in. */
  boolean counted() {
    return !detour && queues.stream().allMatch(Census.Queue::counted);
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
    return routes.stream().mapToLong(ExpectedMessages.OfRoute::possible).sum();
  }
}
