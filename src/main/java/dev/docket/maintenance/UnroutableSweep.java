package dev.docket.maintenance;

import dev.docket.broker.TaskPublisher;
import dev.docket.store.Versioned;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries routes without a queue: publishes the oldest task of each, and if the broker does not
 * return its message, a queue is bound, and the sweep publishes the other tasks of the route. If
 * the broker returns the message, nothing is written.
 */
public final class UnroutableSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(UnroutableSweep.class);

  private static final int PAGE_SIZE = 500;

  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;
  private final TaskPublisher publisher;

  public UnroutableSweep(TaskStore.Sweeps sweeps, TaskService tasks, TaskPublisher publisher) {
    this.sweeps = sweeps;
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
    for (Versioned<Task> oldest : sweeps.oldestUnroutable()) {
      Task task = oldest.value();
      TaskPublisher.PublishOutcome outcome = publisher.publish(task).toCompletableFuture().join();
      if (outcome == TaskPublisher.PublishOutcome.CONFIRMED) {
        tasks
            .execute(task.id(), new Command.Confirm(task.attempt(), task.run()))
            .toCompletableFuture()
            .join();
        publishOthers(Route.of(task));
      }
    }
  }

  private void publishOthers(Route route) {
    long published = 0;
    Task last = null;
    do {
      List<Versioned<Task>> page = sweeps.unroutable(route.type(), route.key(), last, PAGE_SIZE);
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
