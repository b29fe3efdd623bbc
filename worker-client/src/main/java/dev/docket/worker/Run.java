package dev.docket.worker;

import dev.docket.wire.ReportResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One run of one task, from its lease until the server has accepted or rejected its end.
 *
 * <p>{@link #run()} is called on a task thread, {@link #tick} on the worker's timer thread, and
 * responses arrive on the reporter's thread. The lock is held only briefly.
 */
final class Run implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final Outcome STOPPED = Outcome.giveBack("the worker was stopped");

  /** The parts of the worker that a run uses. */
  record RunDependencies(
      String worker,
      Reporter reporter,
      LogMemory logMemory,
      ResultUploads uploads,
      WorkerTimeouts timeouts,
      Clock clock,
      Consumer<Run> onDone) {}

  private enum Phase {
    WAITING,
    RUNNING,
    UPLOADING,
    ABANDONED,
    ENDING,
    DONE
  }

  private enum Interruption {
    NONE,
    CANCEL,
    LOST_LEASE,
    STOP
  }

  private final RunDependencies dependencies;
  private final RunItems items;
  private final Task task;
  private final TaskHandler handler;
  private final RunHeartbeat heartbeat;
  private final RunLog log;
  private final long claimedAt = System.nanoTime();

  private Phase phase = Phase.WAITING;
  private Interruption interruption = Interruption.NONE;
  private @Nullable Thread thread;
  private long startedAt;
  private long durationNanos;

  Run(RunDependencies dependencies, Lease lease, Task task, TaskHandler handler) {
    this.dependencies = dependencies;
    this.items = new RunItems(dependencies.worker(), lease.run(), lease.claimId());
    this.task = task;
    this.handler = handler;
    this.heartbeat =
        new RunHeartbeat(
            items, lease, dependencies.reporter(), dependencies.timeouts(), this::onResponse);
    this.log =
        new RunLog(
            items,
            dependencies.reporter(),
            dependencies.logMemory(),
            dependencies.timeouts(),
            dependencies.clock());
  }

  @Override
  public void run() {
    if (!begin()) {
      return;
    }
    TaskContext context = new RunContext(heartbeat, log, this::isInterrupted, dependencies.clock());
    MDC.put("task", task.id());
    try {
      Outcome outcome = HandlerCall.run(handler, task, context);
      if (outcome instanceof Outcome.Success success) {
        outcome = upload(success);
      }
      detachThread();
      reportOutcome(outcome);
    } catch (RuntimeException | Error e) {
      detachThread();
      LOG.error("Reporting the end of task {} failed; its lease will expire", task.id(), e);
      done();
    } finally {
      MDC.remove("task");
    }
  }

  private synchronized boolean begin() {
    if (phase != Phase.WAITING) {
      return false;
    }
    phase = Phase.RUNNING;
    startedAt = System.nanoTime();
    thread = Thread.currentThread();
    heartbeat.handlerStarted();
    return true;
  }

  /** Uploads large results, and returns the outcome that can be reported after that. */
  private Outcome upload(Outcome.Success success) {
    synchronized (this) {
      if (phase != Phase.RUNNING || interruption == Interruption.LOST_LEASE) {
        return success;
      }
      phase = Phase.UPLOADING;
      // An interrupt was meant for the handler.
      Thread.interrupted();
    }
    try {
      Optional<Outcome> outcome = dependencies.uploads().upload(items, success);
      if (outcome.isPresent()) {
        return outcome.orElseThrow();
      }
    } catch (InterruptedException e) {
      LOG.debug("The upload of the results of task {} was interrupted", task.id());
      return STOPPED;
    }
    synchronized (this) {
      interruption = Interruption.LOST_LEASE;
    }
    return success;
  }

  /** Detaches the thread, so that no interrupt for the handler can reach it afterwards. */
  private synchronized void detachThread() {
    thread = null;
    Thread.interrupted();
    heartbeat.handlerEnded();
    if (phase == Phase.RUNNING || phase == Phase.UPLOADING) {
      phase = Phase.ENDING;
      durationNanos = System.nanoTime() - startedAt;
    }
  }

  private void reportOutcome(Outcome outcome) {
    Interruption reason;
    synchronized (this) {
      if (phase != Phase.ENDING) {
        return;
      }
      reason = interruption;
    }
    if (reason == Interruption.LOST_LEASE) {
      LOG.info("Dropping the outcome of task {} because its lease is lost", task.id());
      log.end();
      done();
    } else if (reason == Interruption.STOP && !(outcome instanceof Outcome.Success)) {
      end(STOPPED);
    } else {
      end(outcome);
    }
  }

  String claimId() {
    return items.claimId();
  }

  /** Sends the heartbeat or progress, and the log lines, that are due, if any. */
  void tick(long now) {
    heartbeat.tick(now);
    log.tick(now);
  }

  private void onResponse(ReportResponse response) {
    if (response.status() == 409 || response.status() == 404) {
      interrupt(Interruption.LOST_LEASE, String.valueOf(response.why()));
    } else if (response.cancelRequested()) {
      interrupt(Interruption.CANCEL, "cancelled");
    } else if (!response.accepted()) {
      LOG.warn(
          "The server rejected a report of task {}; the run continues: {}",
          task.id(),
          response.why());
    }
  }

  /** Interrupts the handler because the worker stops. Has no effect if there is no handler. */
  void stop() {
    interrupt(Interruption.STOP, "the worker is stopping");
  }

  private void interrupt(Interruption reason, String detail) {
    boolean waiting;
    synchronized (this) {
      if (!canInterrupt(reason)) {
        return;
      }
      interruption = reason;
      waiting = phase == Phase.WAITING;
      if (waiting) {
        phase = Phase.ENDING;
      }
      if (thread != null) {
        thread.interrupt();
      }
    }
    LOG.info("Interrupted the run of task {} ({}): {}", task.id(), reason, detail);
    if (waiting) {
      switch (reason) {
        case CANCEL -> end(new Outcome.Failure(499, "cancelled before the run started"));
        case STOP -> end(STOPPED);
        case LOST_LEASE, NONE -> done();
      }
    }
  }

  /**
   * Only a lost lease interrupts an upload. A cancel comes too late for a success, and a stop
   * leaves the upload the time until {@link #abandon}.
   */
  private boolean canInterrupt(Interruption reason) {
    return switch (phase) {
      case WAITING, RUNNING -> interruption == Interruption.NONE;
      case UPLOADING ->
          reason == Interruption.LOST_LEASE && interruption != Interruption.LOST_LEASE;
      case ABANDONED, ENDING, DONE -> false;
    };
  }

  /** Gives the task back if it has been waiting for a thread since before the given time. */
  boolean giveBackIfWaiting(long since) {
    synchronized (this) {
      if (phase != Phase.WAITING || claimedAt - since > 0) {
        return false;
      }
      phase = Phase.ENDING;
    }
    end(Outcome.giveBack("the worker has no free thread for the task"));
    return true;
  }

  /** Gives the task back although its handler or upload still runs. The outcome is dropped. */
  void abandon() {
    boolean uploading;
    synchronized (this) {
      if (phase != Phase.RUNNING && phase != Phase.UPLOADING) {
        return;
      }
      uploading = phase == Phase.UPLOADING;
      phase = Phase.ABANDONED;
    }
    LOG.warn(
        "Giving back task {}; {}",
        task.id(),
        uploading
            ? "the upload of its results did not end in time"
            : "its handler did not end after an interrupt");
    end(STOPPED);
  }

  /** How long the run has occupied its thread, so far if it still does; 0 if it has not started. */
  synchronized long durationNanos() {
    return phase == Phase.RUNNING || phase == Phase.UPLOADING
        ? System.nanoTime() - startedAt
        : durationNanos;
  }

  private void end(Outcome outcome) {
    log.end();
    dependencies
        .reporter()
        .send(
            items.end(outcome, times()), () -> true, response -> onEndResponse(outcome, response));
  }

  /** What was measured of the run so far; null if it has not started. */
  private synchronized RunItems.@Nullable RunTimes times() {
    return thread == null && durationNanos == 0
        ? null
        : new RunItems.RunTimes(
            Duration.ofNanos(startedAt - claimedAt), Duration.ofNanos(durationNanos()));
  }

  private void onEndResponse(Outcome outcome, @Nullable ReportResponse response) {
    if (response == null) {
      // The worker has stopped and logs the remaining runs.
      return;
    }
    boolean rejected = response.status() == 400 || response.status() == 413;
    if (rejected && (outcome instanceof Outcome.Success || outcome instanceof Outcome.Needs)) {
      LOG.warn(
          "The server rejected the outcome of task {}; ending it with 500: {}",
          task.id(),
          response.why());
      end(Outcome.error("the server rejected the outcome: " + response.why()));
      return;
    }
    if (!response.accepted()) {
      LOG.warn("The server rejected the end of task {}: {}", task.id(), response.why());
    }
    done();
  }

  private void done() {
    synchronized (this) {
      if (phase == Phase.DONE) {
        return;
      }
      phase = Phase.DONE;
    }
    dependencies.onDone().accept(this);
  }

  private synchronized boolean isInterrupted() {
    return interruption != Interruption.NONE;
  }

  /** The task and the attempt; the token of the run must not appear in logs. */
  @Override
  public String toString() {
    return task.id() + " (attempt " + items.run().attempt() + ")";
  }
}
