package dev.docket.worker;

import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: takes the tasks of its keys from the broker or from the server, runs their handlers and
 * reports to the server.
 *
 * <p>{@link #start()} returns at once and never fails because something cannot be reached: the
 * worker connects in the background, and again whenever it must, and says so in the log. Its
 * threads are called {@code docket-worker-<name>-…}. One of them keeps the process alive until
 * {@link #stop()}; handlers run on daemon threads.
 *
 * <p>What is lost when the process is killed: nothing. A task that it held is run again by another
 * worker one and a half lease times later.
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
  private final ScheduledThreadPoolExecutor timer;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.NEW);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long nextHello = System.nanoTime();

  DocketWorker(WorkerSettings settings) {
    this.settings = settings;
    String name = settings.name();
    this.server = new ServerClient(settings.server(), settings.token(), name);
    this.reporter = new Reporter(server, settings.timing(), name);
    this.slots = new WorkerSlots(settings.concurrency());
    this.runs = new Runs(settings, slots, reporter);
    BrokerAddress broker = settings.broker();
    this.source =
        broker == null
            ? new PollSource(settings, server, slots, runs)
            : new BrokerSource(settings, broker, reporter, slots, runs);
    this.timer = new ScheduledThreadPoolExecutor(1, NamedThreads.daemon(name, "timer"));
  }

  /** Begins to describe a worker. */
  public static WorkerBuilder builder() {
    return new WorkerBuilder();
  }

  /** What the server knows it by. */
  public String name() {
    return settings.name();
  }

  /** How many tasks it holds now: those that run, wait for a thread, or whose end is not taken. */
  public int underWay() {
    return runs.underWay();
  }

  /**
   * Begins to work, in the background.
   *
   * @throws IllegalStateException if it was started before
   */
  public void start() {
    if (!stage.compareAndSet(Stage.NEW, Stage.STARTED)) {
      throw new IllegalStateException("a worker can be started once");
    }
    reporter.start();
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    source.start();
    LOG.info(
        "worker {} started for {} of {}, {} at once",
        name(),
        settings.keys(),
        settings.typeNames(),
        settings.concurrency());
  }

  /**
   * For a {@code main} method: starts, and returns when the worker has been stopped, as by SIGTERM
   * or control-C, which finish or give back what runs.
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
    } catch (IllegalStateException alreadyEnding) {
      LOG.debug("the process is ending", alreadyEnding);
    }
  }

  /** Waits until the worker has been stopped by somebody. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /**
   * Takes nothing more, hands back what is not claimed, gives back what has not begun, and waits
   * for what runs, up to the stop limit. What runs then is interrupted and given back. Returns when
   * the server knows of all that, or after some 15 seconds more; whoever calls while it is stopping
   * waits too. Not to be called by a handler, which would wait for itself.
   */
  public void stop() {
    Stage before = stage.getAndSet(Stage.STOPPING);
    try {
      if (before == Stage.STOPPING) {
        stopped.await();
      } else if (before == Stage.STARTED) {
        stopWorking();
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      LOG.warn("worker {} is stopped without waiting", name());
    } finally {
      if (before != Stage.STOPPING) {
        letGo(before == Stage.STARTED);
        stopped.countDown();
      }
    }
  }

  /** The same as {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }

  private void stopWorking() throws InterruptedException {
    LOG.info("worker {} stops, {} tasks under way", name(), runs.underWay());
    source.stopTaking();
    runs.stopTaking();
    if (!slots.awaitAllFree(settings.stopLimit())) {
      runs.interrupt();
      if (!slots.awaitAllFree(settings.timing().interruptLimit())) {
        runs.abandon();
        slots.awaitAllFree(settings.timing().flushLimit());
      }
    }
    reporter.flush(settings.timing().firstWord());
  }

  private void letGo(boolean started) {
    timer.shutdownNow();
    try {
      if (started) {
        source.close(settings.timing().interruptLimit());
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    runs.close();
    reporter.close();
    server.close();
    LOG.info("worker {} has stopped", name());
  }

  private void tick() {
    try {
      long now = System.nanoTime();
      runs.tick(now);
      if (now - nextHello >= 0) {
        nextHello = now + settings.timing().hello().toNanos();
        hello();
      }
    } catch (RuntimeException | Error bug) {
      LOG.error("the timer has failed, going on", bug);
    }
  }

  private void hello() {
    var hello =
        new ReportItem.Hello(
            name(),
            WorkerName.host(),
            settings.version(),
            settings.keys(),
            settings.typeNames(),
            settings.concurrency(),
            runs.underWay());
    reporter.sendOnce(hello, answer -> LOG.trace("hello: {}", answer));
  }

  @Override
  public String toString() {
    return "DocketWorker[" + name() + "]";
  }
}
