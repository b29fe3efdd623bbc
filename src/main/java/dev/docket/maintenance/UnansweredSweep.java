package dev.docket.maintenance;

import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a new run of tasks that were not claimed and got no reply for days. A message that crashes
 * its worker would be redelivered forever, so this must count as a failure. A queue that is long,
 * or has no workers now, is no failure: the sweep handles only the oldest task of a route, and
 * tasks that a later one has overtaken.
 */
public final class UnansweredSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(UnansweredSweep.class);

  private static final int PAGE_SIZE = 200;

  private final UnansweredTasks search;
  private final TaskService tasks;
  private final Policies policies;
  private final Census census;
  private final Clock clock;

  /**
   * The task after which the next run continues, so that tasks behind an older one do not hide
   * other routes.
   */
  private @Nullable Task after;

  public UnansweredSweep(
      UnansweredTasks search, TaskService tasks, Policies policies, Census census, Clock clock) {
    this.search = search;
    this.tasks = tasks;
    this.policies = policies;
    this.census = census;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "unanswered";
  }

  @Override
  public void run() {
    long changed;
    do {
      List<Versioned<Task>> page = search.unanswered(clock.instant(), after, PAGE_SIZE);
      changed =
          Stages.countTrue(
              page.stream()
                  .flatMap(
                      task ->
                          command(task.value())
                              .map(command -> tasks.changes(task, command))
                              .stream())
                  .toList());
      if (changed > 0) {
        LOG.warn("{} runs got no reply by their unansweredAfter; the server ended them", changed);
      }
      after = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    } while (after != null && changed > 0);
  }

  /** Returns empty while older tasks may still be ahead of the task. */
  private Optional<Command.Unanswered> command(Task task) {
    if (search.isOvertaken(task)) {
      return Optional.of(new Command.Unanswered(true));
    }
    if (search.isBehindOlderTask(task)) {
      return Optional.empty();
    }
    boolean failure =
        policies.of(task).ackMode() != Policy.AckMode.CLAIMS && mayHaveWorkers(Route.of(task));
    return Optional.of(new Command.Unanswered(failure));
  }

  /** Whether the route has consumers; true if that is unknown. */
  private boolean mayHaveWorkers(Route route) {
    try {
      return census.queues().stream()
          .anyMatch(queue -> queue.consumers() > 0 && queue.receives(route.toString()));
    } catch (BrokerUnavailable unknown) {
      return true;
    }
  }
}
