package dev.docket.drift;

import dev.docket.broker.TaskPublisher;
import dev.docket.maintenance.RepublishTimes;
import dev.docket.store.Versioned;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends tasks again whose messages are lost, under the same run. Which of a queue's tasks they are
 * nobody knows: those that were dispatched the longest ago come first, and count as just dispatched
 * from then on, so all have their turn.
 */
public final class Republisher {

  private static final Logger LOG = LoggerFactory.getLogger(Republisher.class);

  private static final int PAGE_SIZE = 500;
  private static final Command.Observed REDISPATCH = new Command.Redispatch();

  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;
  private final TaskPublisher protocol;
  private final RepublishTimes repairs;

  public Republisher(
      TaskStore.Sweeps sweeps, TaskService tasks, TaskPublisher protocol, RepublishTimes repairs) {
    this.sweeps = sweeps;
    this.tasks = tasks;
    this.protocol = protocol;
    this.repairs = repairs;
  }

  /**
   * What was done.
   *
   * @param tasks how many
   * @param again whether one of them had been sent again before, in the same run
   */
  record Sent(long tasks, boolean again) {}

  /**
   * Blocks until the tasks are written; their messages follow. Sends fewer where the broker takes
   * no more, or this server may not act any longer; later looks see to the rest.
   *
   * @param mayGoOn asked before each page
   */
  Sent send(LossDetector.DetectedLoss loss, ProtocolExchanges exchanges, BooleanSupplier mayGoOn) {
    Map<String, Set<Route>> routes = loss.comparison().routes(exchanges);
    Instant before = loss.comparison().before();
    Map<TaskKey, Long> sent = new TreeMap<>();
    long left = loss.tasks();
    boolean again = false;
    Task after = null;
    try {
      while (left > 0 && protocol.ready() && mayGoOn.getAsBoolean()) {
        int limit = (int) Math.min(PAGE_SIZE, left);
        List<Versioned<Task>> page = sweeps.handedOver(routes, before, after, limit);
        left -= send(page, sent);
        again |= page.stream().anyMatch(task -> wasSentAgain(task.value()));
        if (page.size() < limit) {
          break;
        }
        after = page.get(limit - 1).value();
      }
    } finally {
      sent.forEach(repairs::repaired);
    }
    long all = sent.values().stream().mapToLong(Long::longValue).sum();
    if (all > 0) {
      LOG.warn(
          "The broker has lost messages of {}: {} tasks sent again",
          loss.comparison().group().keys(),
          all);
    }
    return new Sent(all, again);
  }

  /** A task that no queue took at first is sent by the same command, but was never out before. */
  private static boolean wasSentAgain(Task task) {
    return task.history().stream()
        .anyMatch(
            transition ->
                transition.by().equals(REDISPATCH.label())
                    && transition.from() == TaskState.QUEUED
                    && transition.attempt() == task.attempt());
  }

  private long send(List<Versioned<Task>> page, Map<TaskKey, Long> sent) {
    List<CompletableFuture<@Nullable Decision>> told = new ArrayList<>();
    for (Versioned<Task> task : page) {
      told.add(
          tasks.execute(task, REDISPATCH).exceptionally(Republisher::gone).toCompletableFuture());
    }
    long moved = 0;
    for (CompletableFuture<@Nullable Decision> decision : told) {
      if (decision.join() instanceof Decision.Moved task) {
        sent.merge(task.next().key(), 1L, Long::sum);
        moved++;
      }
    }
    return moved;
  }

  /** A task that was deleted meanwhile needs no message. */
  private static @Nullable Decision gone(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TaskNotFound) {
      return null;
    }
    throw new CompletionException(cause);
  }

  Map<TaskKey, Instant> lastRepairs() {
    return repairs.lastRepairs();
  }
}
