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
 * Tries routes that had no queue: of each it publishes the oldest task, and when that is not
 * returned, a queue is there and the rest are released. When it is returned nothing is written.
 */
public final class UnroutableSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(UnroutableSweep.class);

  private static final int PAGE_SIZE = 500;

  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;
  private final TaskPublisher protocol;

  public UnroutableSweep(TaskStore.Sweeps sweeps, TaskService tasks, TaskPublisher protocol) {
    this.sweeps = sweeps;
    this.tasks = tasks;
    this.protocol = protocol;
  }

  @Override
  public String name() {
    return "unroutable";
  }

  @Override
  public void run() {
    if (!protocol.ready()) {
      return;
    }
    for (Versioned<Task> oldest : sweeps.oldestUnroutable()) {
      Task task = oldest.value();
      TaskPublisher.Sent sent = protocol.publish(task).toCompletableFuture().join();
      if (sent == TaskPublisher.Sent.CONFIRMED) {
        tasks
            .execute(task.id(), new Command.Confirm(task.attempt(), task.run()))
            .toCompletableFuture()
            .join();
        release(Route.of(task));
      }
    }
  }

  private void release(Route route) {
    long released = 0;
    Task last = null;
    do {
      List<Versioned<Task>> page = sweeps.unroutable(route.type(), route.key(), last, PAGE_SIZE);
      List<CompletableFuture<Decision>> told =
          page.stream()
              .map(task -> tasks.execute(task, new Command.Redispatch()).toCompletableFuture())
              .toList();
      released += told.stream().filter(t -> t.join() instanceof Decision.Moved).count();
      last = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    } while (last != null && protocol.ready());
    if (released > 0) {
      LOG.info("A queue is bound for {} now: {} waiting tasks sent again", route, released);
    }
  }
}
