package dev.docket.drift;

import dev.docket.broker.TaskPublisher;
import dev.docket.concurrent.Stages;
import dev.docket.maintenance.RepublishTimes;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.store.Versioned;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Republishes tasks whose messages the broker has lost, under the same run. It is unknown to which
 * tasks of a queue the lost messages belonged. The tasks that were dispatched longest ago come
 * first, and count as just dispatched afterwards, so that over time all tasks are republished.
 */
public final class Republisher {

  private static final Logger LOG = LoggerFactory.getLogger(Republisher.class);

  private static final int PAGE_SIZE = 500;
  private static final Command.Observed REDISPATCH = new Command.Redispatch();

  private final SettledTasks search;
  private final TaskService tasks;
  private final TaskPublisher publisher;
  private final RepublishTimes republishTimes;

  public Republisher(
      SettledTasks search,
      TaskService tasks,
      TaskPublisher publisher,
      RepublishTimes republishTimes) {
    this.search = search;
    this.tasks = tasks;
    this.publisher = publisher;
    this.republishTimes = republishTimes;
  }

  /**
   * The outcome of a repair.
   *
   * @param tasks number of republished tasks
   * @param repeated whether one of them had been republished before, in the same run
   */
  record Repair(long tasks, boolean repeated) {}

  /**
   * Republishes tasks. Blocks until the tasks are written; their messages follow. Stops early if
   * the publisher is not ready, or this server is no longer the leader; a later census handles the
   * rest.
   *
   * @param mayContinue checked before each page
   */
  Repair republish(
      LossDetector.DetectedLoss loss, WorkerProtocols protocols, BooleanSupplier mayContinue) {
    Map<String, Set<Route>> routes = loss.comparison().comparedRoutes(protocols);
    Instant settledBefore = loss.comparison().settledBefore();
    Map<TaskKey, Long> republished = new TreeMap<>();
    long remaining = loss.tasks();
    boolean repeated = false;
    Task after = null;
    try {
      while (remaining > 0 && publisher.ready() && mayContinue.getAsBoolean()) {
        int limit = (int) Math.min(PAGE_SIZE, remaining);
        List<Versioned<Task>> page = search.settled(routes, settledBefore, after, limit);
        remaining -= republish(page, republished);
        repeated |= page.stream().anyMatch(task -> wasRepublished(task.value()));
        if (page.size() < limit) {
          break;
        }
        after = page.get(limit - 1).value();
      }
    } finally {
      republished.keySet().forEach(republishTimes::record);
    }
    long total = republished.values().stream().mapToLong(Long::longValue).sum();
    if (total > 0) {
      LOG.warn(
          "The broker lost messages of keys {}; republished {} tasks",
          loss.comparison().group().keys(),
          total);
    }
    return new Repair(total, repeated);
  }

  /** A task in 422 is republished by the same command, but its message was never in a queue. */
  private static boolean wasRepublished(Task task) {
    return task.history().stream()
        .anyMatch(
            transition ->
                transition.by().equals(REDISPATCH.label())
                    && transition.from() == TaskState.QUEUED
                    && transition.attempt() == task.run().attempt());
  }

  private long republish(List<Versioned<Task>> page, Map<TaskKey, Long> republished) {
    List<CompletableFuture<@Nullable Decision>> decisions = new ArrayList<>();
    for (Versioned<Task> task : page) {
      decisions.add(
          // A task that has been deleted in the meantime needs no message.
          Stages.ignore(TaskNotFound.class, tasks.execute(task, REDISPATCH)).toCompletableFuture());
    }
    long changed = 0;
    for (CompletableFuture<@Nullable Decision> decision : decisions) {
      if (decision.join() instanceof Decision.Changed redispatched) {
        republished.merge(redispatched.task().key(), 1L, Long::sum);
        changed++;
      }
    }
    return changed;
  }

  Map<TaskKey, Instant> lastRepairs() {
    return republishTimes.lastRepairs();
  }
}
