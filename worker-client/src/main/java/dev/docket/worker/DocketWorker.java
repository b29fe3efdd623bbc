package dev.docket.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: receives the tasks of its keys from the broker or from the server, calls their handlers
 * and reports to the server.
 *
 * <p>{@link #start()} returns immediately and never fails because the server or the broker is
 * unreachable. The worker connects in the background, reconnects when necessary, and logs both. Its
 * threads are named {@code docket-worker-<name>-…}. One of them keeps the process alive until
 * {@link #stop()}; handlers run on daemon threads.
 *
 * <p>No task is lost when the process is killed. Its tasks run again after a backoff when the
 * worker is started again on the same machine, else after 1.5 times the lease plus the backoff,
 * which is 30 seconds by default. A run that is lost like this counts as a failure.
 */
public final class DocketWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DocketWorker.class);
  private static final Duration TICK = Duration.ofMillis(100);

  private enum Stage {
    NEW,
    STARTED,
    STOPPING
  }

  private final WorkerSettings settings;
  private final ServerClient server;
  private final Reporter reporter;
  private final WorkerSlots slots;
  private final Runs runs;
  private final TaskSource source;
  private final WorkerProcess process;
  private final Hellos hellos;
  private final ScheduledThreadPoolExecutor timer;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.NEW);
  private final CountDownLatch stopped = new CountDownLatch(1);

  DocketWorker(WorkerSettings settings) {
    this.settings = settings;
    String name = settings.name();
    this.server = new ServerClient(settings.server(), settings.token(), name);
    this.reporter = new Reporter(server, settings.timeouts(), name);
    this.slots = new WorkerSlots(settings.concurrency());
    this.runs = new Runs(settings, slots, reporter, new ResultUploads(server, settings.timeouts()));
    this.process =
        new WorkerProcess(settings.stateDirectory(), settings.chosenName(), settings.server());
    this.hellos = new Hellos(settings, process, reporter, runs::activeCount);
    BrokerAddress broker = settings.broker();
    this.source =
        broker == null
            ? new PollSource(settings, server, slots, runs, process)
            : new BrokerSource(settings, broker, reporter, slots, runs, process);
    this.timer = new ScheduledThreadPoolExecutor(1, NamedThreads.daemon(name, "timer"));
  }

  /** Returns a builder for a worker. */
  public static WorkerBuilder builder() {
    return new WorkerBuilder();
  }

  /** The worker's name, by which the server knows it. */
  public String name() {
    return settings.name();
  }

  /**
   * The number of tasks that the worker currently holds: tasks that run, tasks that wait for a
   * thread, and tasks whose end the server has not accepted or rejected yet.
   */
  public int underWay() {
    return runs.activeCount();
  }

  /**
   * Starts the worker in the background.
   *
   * @throws IllegalStateException if the worker was already started or stopped
   */
  public void start() {
    if (!stage.compareAndSet(Stage.NEW, Stage.STARTED)) {
      throw new IllegalStateException("the worker was already started or stopped; build a new one");
    }
    process.begin();
    reporter.start();
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    source.start();
    LOG.info(
        "Worker {} started for keys {} and target types {}, with concurrency {}",
        name(),
        settings.keys(),
        settings.typeNames(),
        settings.concurrency());
  }

  /**
   * Starts the worker and returns when it has stopped; intended for a {@code main} method. SIGTERM
   * and Ctrl-C stop the worker as {@link #stop()} does: running tasks finish or are given back.
   */
  public void runUntilStopped() throws InterruptedException {
    Thread hook = new Thread(this::stop, "docket-worker-" + name() + "-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    start();
    try {
      awaitStop();
    } finally {
      removeHook(hook);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM is already shutting down; the shutdown hook stays registered", e);
    }
  }

  /** Waits until the worker has stopped. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /**
   * Stops the worker gracefully. The worker receives no more tasks, returns unclaimed messages to
   * the broker and gives back claimed tasks that have not started. It waits for running tasks up to
   * the stop limit, then interrupts their handlers and gives these tasks back. Uploads of results
   * that still run then have 5 seconds to end. This method returns when the server has accepted all
   * ends and give-backs, or at most about 15 seconds after the stop limit. A call during a stop
   * waits for that stop. A handler must not call this method, because it would wait for itself.
   */
  public void stop() {
    Stage before = stage.getAndSet(Stage.STOPPING);
    try {
      if (before == Stage.STOPPING) {
        stopped.await();
      } else if (before == Stage.STARTED) {
        stopWorking();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn(
          "The thread that stops worker {} was interrupted; stopping without waiting for tasks",
          name());
    } finally {
      if (before != Stage.STOPPING) {
        releaseResources(before == Stage.STARTED);
        stopped.countDown();
      }
    }
  }

  /** Equivalent to {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }

  private void stopWorking() throws InterruptedException {
    LOG.info("Worker {} is stopping; it holds {} tasks", name(), runs.activeCount());
    source.stopReceiving();
    runs.stopAccepting();
    if (!slots.awaitAllFree(settings.stopLimit())) {
      runs.interrupt();
      if (!slots.awaitAllFree(settings.timeouts().interruptTimeout())) {
        runs.abandon();
        slots.awaitAllFree(settings.timeouts().flushTimeout());
      }
    }
    reporter.flush(settings.timeouts().firstReportDelay());
  }

  private void releaseResources(boolean started) {
    timer.shutdownNow();
    try {
      if (started) {
        source.close(settings.timeouts().interruptTimeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean clean = runs.close();
    reporter.close();
    process.end(clean);
    server.close();
    LOG.info("Worker {} has stopped", name());
  }

  private void tick() {
    try {
      long now = System.nanoTime();
      runs.tick(now);
      hellos.tick(now);
    } catch (RuntimeException | Error e) {
      LOG.error("The timer of worker {} failed; it continues with the next tick", name(), e);
    }
  }

  @Override
  public String toString() {
    return "DocketWorker[" + name() + "]";
  }
}
