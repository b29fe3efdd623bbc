package dev.docket.worker;

import dev.docket.wire.RunId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The active runs of a worker, on as many threads as its concurrency. Each run holds one of the
 * {@link WorkerSlots}, which limit how many wait here. Thread-safe.
 */
final class Runs {

  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Map<String, TaskHandler> handlers;
  private final WorkerSlots slots;
  private final WorkerTimeouts timeouts;
  private final Run.RunDependencies dependencies;
  private final ThreadPoolExecutor threads;
  private final Map<String, Run> active = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  Runs(WorkerSettings settings, WorkerSlots slots, Reporter reporter, ResultUploads uploads) {
    this.handlers = settings.handlers();
    this.slots = slots;
    this.timeouts = settings.timeouts();
    this.dependencies =
        new Run.RunDependencies(
            settings.name(),
            reporter,
            new LogMemory(),
            uploads,
            timeouts,
            settings.clock(),
            this::done);
    this.threads =
        new ThreadPoolExecutor(
            settings.concurrency(),
            settings.concurrency(),
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            NamedThreads.daemon(settings.name(), "task"));
  }

  /** Whether there is a handler for a task key. */
  boolean hasHandler(@Nullable String key) {
    return key != null && handlers.containsKey(key);
  }

  /**
   * Starts a run as soon as a thread is free. A run that is already active is not started twice.
   * The caller's slot passes to the run.
   */
  void begin(Lease lease, Task task) {
    TaskHandler handler = handlers.get(task.key());
    if (handler == null) {
      throw new IllegalArgumentException("no handler for key " + task.key());
    }
    Run run = new Run(dependencies, lease, task, handler);
    if (active.putIfAbsent(lease.claimId(), run) != null) {
      LOG.warn("The server granted run {} twice; executing it once", run);
      slots.release(1);
    } else if (stopping) {
      run.stop();
    } else {
      // Reports the receipt of a run that a poll granted, before its handler starts.
      run.tick(System.nanoTime());
      threads.execute(run);
    }
  }

  /** Ends a claimed run that the worker cannot execute with 500 and releases the caller's slot. */
  void fail(RunId run, String claimId, String reason) {
    dependencies
        .reporter()
        .send(
            new RunItems(dependencies.worker(), run, claimId).end(Outcome.error(reason), null),
            () -> true,
            response -> slots.release(1));
  }

  private void done(Run run) {
    active.remove(run.claimId());
    threads.remove(run);
    long nanos = run.durationNanos();
    if (nanos > 0) {
      slots.recordDuration(nanos);
    }
    slots.release(1);
  }

  /** Sends due heartbeats and gives back runs that have waited too long for a thread. */
  void tick(long now) {
    for (Run run : active.values()) {
      run.tick(now);
      if (run.giveBackIfWaiting(now - timeouts.threadWaitTimeout().toNanos())) {
        recordActiveDurations();
      }
    }
  }

  /** Records that active runs take longer than expected, so that the worker claims none ahead. */
  private void recordActiveDurations() {
    active.values().stream().mapToLong(Run::durationNanos).max().ifPresent(slots::recordDuration);
  }

  int activeCount() {
    return active.size();
  }

  /** Gives back all runs that have not started, and from now on all new ones. */
  void stopAccepting() {
    stopping = true;
    long now = System.nanoTime();
    active.values().forEach(run -> run.giveBackIfWaiting(now));
  }

  /** Interrupts all running handlers. */
  void interrupt() {
    active.values().forEach(Run::stop);
  }

  /** Gives back all runs whose handlers or uploads still run. */
  void abandon() {
    active.values().forEach(Run::abandon);
  }

  /** Stops the threads. Returns whether the ends of all runs were reported. */
  boolean close() {
    threads.shutdownNow();
    if (!active.isEmpty()) {
      LOG.error(
          "The ends of {} were not reported to the server; their leases will expire",
          active.values());
    }
    return active.isEmpty();
  }
}
