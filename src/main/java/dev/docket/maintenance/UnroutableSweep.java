package dev.docket.maintenance;

import dev.docket.broker.TaskPublisher;
import dev.docket.store.Versioned;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries routes without a queue: publishes the oldest task of each, and if the broker does not
 * return its message, a queue is bound, and the sweep publishes the other tasks of the route. If
 * the broker returns the message, nothing is written. A run tries a limited number of routes, and
 * the next run continues after them, so that no number of routes keeps others from being tried.
 */
public final class UnroutableSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(UnroutableSweep.class);

  private static final int PAGE_SIZE = 500;

  /** The number of routes that one run tries. */
  static final int ROUTES_PER_RUN = 1_000;

  private final UnroutableTasks search;
  private final TaskService tasks;
  private final TaskPublisher publisher;

  /** The last route that was tried; null before the first. Runs do not overlap. */
  private @Nullable Route last;

  public UnroutableSweep(UnroutableTasks search, TaskService tasks, TaskPublisher publisher) {
    this.search = search;
    this.tasks = tasks;
    this.publisher = publisher;
  }

  @Override
  public String name() {
    return "unroutable";
  }

  @Override
  public void run() {
    if (!publisher.ready()) {
      return;
    }
    for (Versioned<Task> oldest : nextRoutes()) {
      Task task = oldest.value();
      TaskPublisher.PublishOutcome outcome = publisher.publish(task).toCompletableFuture().join();
      if (outcome == TaskPublisher.PublishOutcome.CONFIRMED) {
        tasks
            .execute(task.id(), new Command.Confirm(task.run().ref()))
            .toCompletableFuture()
            .join();
        publishOthers(Route.of(task));
      }
    }
  }

  /** The oldest task of each route that comes next, from the beginning again after the end. */
  private Collection<Versioned<Task>> nextRoutes() {
    Map<Route, Versioned<Task>> next = new LinkedHashMap<>();
    search
        .oldestUnroutable(last, ROUTES_PER_RUN)
        .forEach(task -> next.put(Route.of(task.value()), task));
    int missing = ROUTES_PER_RUN - next.size();
    if (last != null && missing > 0) {
      search
          .oldestUnroutable(null, missing)
          .forEach(task -> next.putIfAbsent(Route.of(task.value()), task));
    }
    last = null;
    next.keySet().forEach(route -> last = route);
    return next.values();
  }

  private void publishOthers(Route route) {
    long published = 0;
    Task last = null;
    do {
      List<Versioned<Task>> page = search.unroutable(route, last, PAGE_SIZE);
      List<CompletableFuture<Decision>> decisions =
          page.stream()
              .map(task -> tasks.execute(task, new Command.Redispatch()).toCompletableFuture())
              .toList();
      published += decisions.stream().filter(d -> d.join() instanceof Decision.Changed).count();
      last = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    } while (last != null && publisher.ready());
    if (published > 0) {
      LOG.info("A queue is bound for {} now; publishing {} waiting tasks", route, published);
    }
  }
}
