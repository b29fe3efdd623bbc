package dev.docket.worker;

import dev.docket.wire.ReportAnswer;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One run of one task, from its lease to the moment when the server has taken or refused its end.
 *
 * <p>{@link #run()} is called on a task thread, {@link #tick} on the worker's timer, answers come
 * on the reporter's thread. The lock is held for moments only.
 */
final class Run implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final Outcome STOPPED = Outcome.giveBack("the worker was stopped");

  /** What a run needs of its worker. */
  record RunDependencies(
      String worker, Reporter reporter, WorkerTimeouts timing, Clock clock, Consumer<Run> done) {}

  private enum Phase {
    WAITING,
    RUNNING,
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

  private final RunDependencies desk;
  private final RunItems items;
  private final Task task;
  private final TaskHandler handler;
  private final RunHeartbeat heartbeat;
  private final long claimed = System.nanoTime();

  private Phase phase = Phase.WAITING;
  private Interruption interruption = Interruption.NONE;
  private @Nullable Thread thread;
  private long began;
  private long ran;

  Run(RunDependencies desk, Lease lease, Task task, TaskHandler handler) {
    this.desk = desk;
    this.items = new RunItems(desk.worker(), lease.run(), lease.claimId());
    this.task = task;
    this.handler = handler;
    this.heartbeat = new RunHeartbeat(items, lease, desk.reporter(), desk.timing(), this::heard);
  }

  @Override
  public void run() {
    if (!begin()) {
      return;
    }
    TaskContext context = new RunContext(heartbeat, this::logLine, this::interrupted, desk.clock());
    MDC.put("task", task.id());
    try {
      Outcome outcome = HandlerCall.run(handler, task, context);
      finish();
      conclude(outcome);
    } catch (RuntimeException | Error bug) {
      finish();
      LOG.error("the end of task {} cannot be reported, its lease will lapse", task.id(), bug);
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
    began = System.nanoTime();
    thread = Thread.currentThread();
    heartbeat.began();
    return true;
  }

  /** After this no interrupt that was meant for the handler can hit the thread any more. */
  private synchronized void finish() {
    thread = null;
    Thread.interrupted();
    heartbeat.ended();
    if (phase == Phase.RUNNING) {
      phase = Phase.ENDING;
      ran = System.nanoTime() - began;
    }
  }

  private void conclude(Outcome outcome) {
    Interruption why;
    synchronized (this) {
      if (phase != Phase.ENDING) {
        return;
      }
      why = interruption;
    }
    if (why == Interruption.LOST_LEASE) {
      LOG.info("task {}: the outcome is dropped, as its lease is lost", task.id());
      done();
    } else if (why == Interruption.STOP && !(outcome instanceof Outcome.Success)) {
      end(STOPPED);
    } else {
      end(outcome);
    }
  }

  String claimId() {
    return items.claimId();
  }

  /** Says what is due. */
  void tick(long now) {
    heartbeat.tick(now);
  }

  private void heard(ReportAnswer answer) {
    if (answer.status() == 409 || answer.status() == 404) {
      interrupt(Interruption.LOST_LEASE, String.valueOf(answer.why()));
    } else if (answer.cancelRequested()) {
      interrupt(Interruption.CANCEL, "cancelled");
    } else if (!answer.taken()) {
      LOG.warn("task {}: the server does not take what was said: {}", task.id(), answer.why());
    }
  }

  /** Ends a handler that is told to stop; harmless if there is none. */
  void stop() {
    interrupt(Interruption.STOP, "the worker is stopped");
  }

  private void interrupt(Interruption reason, String why) {
    boolean waiting;
    synchronized (this) {
      if (interruption != Interruption.NONE || (phase != Phase.WAITING && phase != Phase.RUNNING)) {
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
    LOG.info("task {}: interrupted ({}): {}", task.id(), reason, why);
    if (waiting) {
      switch (reason) {
        case CANCEL -> end(new Outcome.Failure(499, "stopped before it began"));
        case STOP -> end(STOPPED);
        case LOST_LEASE, NONE -> done();
      }
    }
  }

  /** Gives it back if it has been waiting for a thread since before that time. */
  boolean giveBackIfWaiting(long since) {
    synchronized (this) {
      if (phase != Phase.WAITING || claimed - since > 0) {
        return false;
      }
      phase = Phase.ENDING;
    }
    end(Outcome.giveBack("the worker had no place for it after all"));
    return true;
  }

  /** Gives it back though its handler does not end; what that still does is lost. */
  void abandon() {
    synchronized (this) {
      if (phase != Phase.RUNNING) {
        return;
      }
      phase = Phase.ABANDONED;
    }
    LOG.warn("task {}: given back, though its handler does not end when interrupted", task.id());
    end(STOPPED);
  }

  /** How long the handler took, or has run by now; 0 if it has not begun. */
  synchronized long ranNanos() {
    return phase == Phase.RUNNING ? System.nanoTime() - began : ran;
  }

  private void end(Outcome outcome) {
    desk.reporter().send(items.end(outcome), () -> true, answer -> ended(outcome, answer));
  }

  private void ended(Outcome outcome, @Nullable ReportAnswer answer) {
    if (answer == null) {
      // The worker is stopped: it lists what is left by itself.
      return;
    }
    boolean unfit = answer.status() == 400 || answer.status() == 413;
    if (unfit && (outcome instanceof Outcome.Success || outcome instanceof Outcome.Needs)) {
      LOG.warn("task {}: its outcome cannot be handed in: {}", task.id(), answer.why());
      end(Outcome.error("the outcome could not be handed in: " + answer.why()));
      return;
    }
    if (!answer.taken()) {
      LOG.warn("task {}: its end was not taken: {}", task.id(), answer.why());
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
    desk.done().accept(this);
  }

  private synchronized boolean interrupted() {
    return interruption != Interruption.NONE;
  }

  private void logLine(String line) {
    desk.reporter()
        .sendOnce(
            items.log(line),
            answer -> {
              if (answer == null || !answer.taken()) {
                LOG.debug("task {}: a line for the server's log is lost", task.id());
              }
            });
  }

  @Override
  public String toString() {
    return items.run().toString();
  }
}
