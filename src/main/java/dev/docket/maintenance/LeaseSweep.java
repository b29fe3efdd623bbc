package dev.docket.maintenance;

import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.task.Lease;
import dev.docket.task.Policies;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the runs of workers that stopped sending heartbeats, and runs that exceed their timeout. No
 * two clocks are compared: a lease is lost if it was not extended for 1.5 times its length on this
 * server's own monotonic clock. Only time in which runs of this sweep succeed counts. After a gap
 * all observations start again, so that an outage of the store ends no lease. Every server observes
 * the leases, so that a new leader does not have to start again; only the leader ends runs.
 */
public final class LeaseSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseSweep.class);

  private static final int PAGE_SIZE = 1000;

  private final RunningTasks search;
  private final TaskService tasks;
  private final Policies policies;
  private final Duration interval;
  private final LongSupplier nanos;
  private final BooleanSupplier isLeader;
  private Map<TaskId, Observation> observations = new HashMap<>();
  private long lastRun;

  /**
   * Creates the sweep.
   *
   * @param interval the time between two runs
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   * @param isLeader whether this server may end runs; it observes them in any case
   */
  public LeaseSweep(
      RunningTasks search,
      TaskService tasks,
      Policies policies,
      Duration interval,
      LongSupplier nanos,
      BooleanSupplier isLeader) {
    this.search = search;
    this.tasks = tasks;
    this.policies = policies;
    this.interval = interval;
    this.nanos = nanos;
    this.isLeader = isLeader;
    this.lastRun = nanos.getAsLong();
  }

  /**
   * Since when a run has been observed with its present start, which its worker may report after
   * the claim, and since when its lease has not been extended.
   */
  private record Observation(
      String run,
      @Nullable Instant startedAt,
      @Nullable Instant leaseUntil,
      long runningSince,
      long silentSince) {}

  @Override
  public String name() {
    return "leases";
  }

  @Override
  public void run() {
    long now = nanos.getAsLong();
    // After a gap of two runs, missing heartbeats may be this server's fault.
    if (now - lastRun > 2 * interval.toNanos() + Duration.ofSeconds(1).toNanos()) {
      observations = new HashMap<>();
    }
    Map<TaskId, Observation> updated = new HashMap<>();
    List<CompletionStage<?>> commands = new ArrayList<>();
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = search.running(after, PAGE_SIZE);
      for (Versioned<Task> task : page) {
        updated.put(task.value().id(), observe(task, now, commands));
      }
      after = page.isEmpty() ? null : page.get(page.size() - 1).value().id();
    } while (page.size() == PAGE_SIZE);
    observations = updated;
    lastRun = nanos.getAsLong();
    Stages.all(commands).join();
  }

  private Observation observe(Versioned<Task> found, long now, List<CompletionStage<?>> commands) {
    Task task = found.value();
    Lease lease = task.run().lease();
    Instant leaseUntil = lease == null ? null : lease.until();
    Observation previous = observations.get(task.id());
    if (previous == null || !previous.run().equals(task.run().token())) {
      previous = new Observation(task.run().token(), task.run().startedAt(), leaseUntil, now, now);
    }
    boolean silent = leaseUntil != null && leaseUntil.equals(previous.leaseUntil());
    boolean sameStart = Objects.equals(task.run().startedAt(), previous.startedAt());
    long runningSince = sameStart ? previous.runningSince() : now;
    long silentSince = silent ? previous.silentSince() : now;
    Command.Observed command = command(task, lease, now - runningSince, now - silentSince);
    if (command != null && isLeader.getAsBoolean()) {
      LOG.atInfo()
          .addKeyValue("task", task.id())
          .log(
              "Ending attempt {} of {} on {}: {}",
              task.run().attempt(),
              task.key(),
              lease == null ? "a worker without lease" : lease.worker(),
              command instanceof Command.LeaseLost ? "no heartbeat" : "timeout exceeded");
      commands.add(tasks.execute(found, command));
    }
    return new Observation(
        task.run().token(), task.run().startedAt(), leaseUntil, runningSince, silentSince);
  }

  private Command.@Nullable Observed command(
      Task task, @Nullable Lease lease, long runningNanos, long silentNanos) {
    if (task.run().isManual()) {
      return null;
    }
    if (lease != null && silentNanos > lease.silenceTimeout().toNanos()) {
      return new Command.LeaseLost();
    }
    Duration timeout = policies.of(task).timeout(task);
    return timeout != null && runningNanos > timeout.toNanos() ? new Command.TimedOut() : null;
  }
}
