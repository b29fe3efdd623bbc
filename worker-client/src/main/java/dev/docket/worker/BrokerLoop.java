package dev.docket.worker;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that everything to do with the broker happens on. It keeps the process alive. */
final class BrokerLoop {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerLoop.class);

  /** Something to do on the thread; whatever it throws is a failure of the broker session. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  private final ScheduledThreadPoolExecutor thread;
  private final Consumer<Throwable> failed;

  /**
   * @param failed told on the thread what a step has thrown
   */
  BrokerLoop(String worker, Consumer<Throwable> failed) {
    this.failed = failed;
    this.thread = new ScheduledThreadPoolExecutor(1, NamedThreads.lasting(worker, "broker"));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  /** Does it on the thread, after what is waiting there; not at all once it is closed. */
  void act(Step step) {
    thread.execute(() -> guarded(step));
  }

  /** Does it on the thread after a time; not at all once it is closed. */
  void later(Duration wait, Step step) {
    ScheduledFuture<?> unused =
        thread.schedule(() -> guarded(step), wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Does it now; the caller is on the thread already. */
  void guarded(Step step) {
    try {
      step.run();
    } catch (IOException | ShutdownSignalException broken) {
      failed.accept(broken);
    } catch (RuntimeException | Error bug) {
      LOG.error("a bug, the worker connects to the broker again", bug);
      failed.accept(bug);
    }
  }

  /** For consumers, whose callbacks come on this thread too. */
  ExecutorService executor() {
    return thread;
  }

  /** Ends after what is waiting now. */
  void close() {
    thread.execute(thread::shutdown);
  }

  /** Waits until it has ended. */
  void awaitEnd(Duration limit) throws InterruptedException {
    if (!thread.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.warn("the broker does not let go of the connection, it is left behind");
    }
  }
}
