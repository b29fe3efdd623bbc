package dev.docket.maintenance;

import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.store.Versioned;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up runs that nobody has claimed or answered for days: they begin anew. A message that kills
 * its worker comes back for ever, so that must count as a failure. A queue that is just long, or
 * has no worker now, must not: only the oldest of a route is given up, and whoever was overtaken.
 */
public final class UnansweredSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(UnansweredSweep.class);

  private static final int PAGE_SIZE = 200;

  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;
  private final Policies policies;
  private final Census census;
  private final Clock clock;

  /** Behind which the next look goes on: a route whose turn it is not must not hide another. */
  private @Nullable Task after;

  public UnansweredSweep(
      TaskStore.Sweeps sweeps, TaskService tasks, Policies policies, Census census, Clock clock) {
    this.sweeps = sweeps;
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
    long moved;
    do {
      List<Versioned<Task>> page = sweeps.unanswered(clock.instant(), after, PAGE_SIZE);
      List<CompletableFuture<Decision>> told = new ArrayList<>();
      for (Versioned<Task> seen : page) {
        giveUp(seen.value())
            .ifPresent(command -> told.add(tasks.execute(seen, command).toCompletableFuture()));
      }
      moved = told.stream().filter(t -> t.join() instanceof Decision.Moved).count();
      if (moved > 0) {
        LOG.warn("{} runs that nobody has answered are given up", moved);
      }
      after = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    } while (after != null && moved > 0);
  }

  /** Empty while it may just not be this one's turn. */
  private Optional<Command.Unanswered> giveUp(Task task) {
    if (sweeps.overtaken(task)) {
      return Optional.of(new Command.Unanswered(true));
    }
    if (sweeps.behindOthers(task)) {
      return Optional.empty();
    }
    boolean failure =
        policies.of(task).ackMode() != Policy.AckMode.CLAIMS && mayHaveWorkers(Route.of(task));
    return Optional.of(new Command.Unanswered(failure));
  }

  /** Whether somebody listens, as far as anybody can tell. */
  private boolean mayHaveWorkers(Route route) {
    try {
      return census.queues().stream()
          .anyMatch(queue -> queue.consumers() > 0 && queue.takes(route.toString()));
    } catch (BrokerUnavailable nobodyKnows) {
      return true;
    }
  }
}
