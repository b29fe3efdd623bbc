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
 * The runs that are under way, on as many threads as the worker's concurrency. Each holds one of
 * the {@link WorkerSlots}, which bound what waits here. Safe for threads.
 */
final class Runs {

  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Map<String, TaskHandler> handlers;
  private final WorkerSlots slots;
  private final WorkerTimeouts timing;
  private final Run.RunDependencies desk;
  private final ThreadPoolExecutor threads;
  private final Map<String, Run> underWay = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  Runs(WorkerSettings settings, WorkerSlots slots, Reporter reporter) {
    this.handlers = settings.handlers();
    this.slots = slots;
    this.timing = settings.timing();
    this.desk =
        new Run.RunDependencies(settings.name(), reporter, timing, settings.clock(), this::done);
    this.threads =
        new ThreadPoolExecutor(
            settings.concurrency(),
            settings.concurrency(),
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            NamedThreads.daemon(settings.name(), "task"));
  }

  /** Whether there is a handler for a key. */
  boolean knows(@Nullable String key) {
    return key != null && handlers.containsKey(key);
  }

  /**
   * Begins as soon as a thread is free; what is under way is not begun twice. The caller's place
   * goes with it.
   */
  void begin(Lease lease, Task task) {
    TaskHandler handler = handlers.get(task.key());
    if (handler == null) {
      throw new IllegalArgumentException("no handler for " + task.key());
    }
    Run run = new Run(desk, lease, task, handler);
    if (underWay.putIfAbsent(lease.claimId(), run) != null) {
      LOG.warn("{} was granted twice, it goes on", run);
      slots.release(1);
    } else if (stopping) {
      run.stop();
    } else {
      threads.execute(run);
    }
  }

  /** Ends a claimed run that cannot be worked on with 500. The caller's place goes with it. */
  void refuse(RunId run, String claimId, String why) {
    desk.reporter()
        .send(
            new RunItems(desk.worker(), run, claimId).end(Outcome.error(why)),
            () -> true,
            answer -> slots.release(1));
  }

  private void done(Run run) {
    underWay.remove(run.claimId());
    threads.remove(run);
    long ran = run.ranNanos();
    if (ran > 0) {
      slots.ran(ran);
    }
    slots.release(1);
  }

  /** Lets every run say what is due, and gives back what waits in vain. */
  void tick(long now) {
    for (Run run : underWay.values()) {
      run.tick(now);
      if (run.giveBackIfWaiting(now - timing.waitLimit().toNanos())) {
        noteSlow();
      }
    }
  }

  /** Those that run now are longer than was thought, so that nothing more is claimed ahead. */
  private void noteSlow() {
    underWay.values().stream().mapToLong(Run::ranNanos).max().ifPresent(slots::ran);
  }

  int underWay() {
    return underWay.size();
  }

  /** From here everything that has not begun is given back. */
  void stopTaking() {
    stopping = true;
    long now = System.nanoTime();
    underWay.values().forEach(run -> run.giveBackIfWaiting(now));
  }

  /** Interrupts what runs. */
  void interrupt() {
    underWay.values().forEach(Run::stop);
  }

  /** Gives back what still runs. */
  void abandon() {
    underWay.values().forEach(Run::abandon);
  }

  void close() {
    threads.shutdownNow();
    if (!underWay.isEmpty()) {
      LOG.error(
          "the server was not told the end of {}; their leases will lapse", underWay.values());
    }
  }
}
