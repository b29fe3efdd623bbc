package dev.docket.maintenance;

import dev.docket.store.Versioned;
import dev.docket.task.Lease;
import dev.docket.task.Policies;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices workers that have gone silent, and runs that take too long. It compares no two clocks: a
 * lease is lost when it has not been extended for one and a half times its length on this server's
 * own monotonic clock. Only time in which looks succeed counts: after a gap every watch begins
 * again, so an outage of the store ends no lease. Every server watches, so that the one which takes
 * the lead need not begin anew; only the leader acts.
 */
public final class LeaseSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseSweep.class);

  private static final int PAGE_SIZE = 1000;

  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;
  private final Policies policies;
  private final Duration every;
  private final LongSupplier nanos;
  private final BooleanSupplier leads;
  private Map<TaskId, Watched> watched = new HashMap<>();
  private long lastLook;

  /**
   * Wires it.
   *
   * @param every the pause between two looks
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   * @param leads whether this server may act; it watches in any case
   */
  public LeaseSweep(
      TaskStore.Sweeps sweeps,
      TaskService tasks,
      Policies policies,
      Duration every,
      LongSupplier nanos,
      BooleanSupplier leads) {
    this.sweeps = sweeps;
    this.tasks = tasks;
    this.policies = policies;
    this.every = every;
    this.nanos = nanos;
    this.leads = leads;
    this.lastLook = nanos.getAsLong();
  }

  /** One running task, since when it is so, and since when its lease has not been extended. */
  private record Watched(
      String run, @Nullable Instant extended, long runningSince, long silentSince) {}

  @Override
  public String name() {
    return "leases";
  }

  @Override
  public void run() {
    long now = nanos.getAsLong();
    // A gap of two looks: whatever was silent meanwhile may have been our own fault.
    if (now - lastLook > 2 * every.toNanos() + Duration.ofSeconds(1).toNanos()) {
      watched = new HashMap<>();
    }
    Map<TaskId, Watched> seen = new HashMap<>();
    List<CompletableFuture<?>> acts = new ArrayList<>();
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = sweeps.running(after, PAGE_SIZE);
      for (Versioned<Task> task : page) {
        seen.put(task.value().id(), watch(task, now, acts));
      }
      after = page.isEmpty() ? null : page.get(page.size() - 1).value().id();
    } while (page.size() == PAGE_SIZE);
    watched = seen;
    lastLook = nanos.getAsLong();
    CompletableFuture.allOf(acts.toArray(CompletableFuture[]::new)).join();
  }

  private Watched watch(Versioned<Task> found, long now, List<CompletableFuture<?>> acts) {
    Task task = found.value();
    Lease lease = task.lease();
    Instant extended = lease == null ? null : lease.until();
    Watched before = watched.get(task.id());
    if (before == null || !before.run().equals(task.run())) {
      before = new Watched(task.run(), extended, now, now);
    }
    boolean silent = extended != null && extended.equals(before.extended());
    long runningSince = before.runningSince();
    long silentSince = silent ? before.silentSince() : now;
    Command.Observed act = act(task, lease, now - runningSince, now - silentSince);
    if (act != null && leads.getAsBoolean()) {
      LOG.atInfo()
          .addKeyValue("task", task.id())
          .log(
              "Attempt {} of {} on {}: {}",
              task.attempt(),
              task.key(),
              lease == null ? "its worker" : lease.worker(),
              act instanceof Command.LeaseLost ? "nothing heard any more" : "runs too long");
      acts.add(tasks.execute(found, act).toCompletableFuture());
    }
    return new Watched(task.run(), extended, runningSince, silentSince);
  }

  private Command.@Nullable Observed act(
      Task task, @Nullable Lease lease, long running, long silent) {
    if (lease != null && silent > lease.silenceTimeout().toNanos()) {
      return new Command.LeaseLost();
    }
    Duration timeout = policies.of(task).timeout(task);
    return timeout != null && running > timeout.toNanos() ? new Command.TimedOut() : null;
  }
}
