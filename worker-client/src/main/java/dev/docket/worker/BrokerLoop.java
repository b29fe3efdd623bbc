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

/** The single thread for all work with the broker. It keeps the process alive. */
final class BrokerLoop {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerLoop.class);

  /** A step that runs on the thread. An exception of it is a failure of the broker session. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  private final ScheduledThreadPoolExecutor thread;
  private final Consumer<Throwable> failureHandler;

  /**
   * @param failureHandler receives, on the thread, every exception of a step
   */
  BrokerLoop(String worker, Consumer<Throwable> failureHandler) {
    this.failureHandler = failureHandler;
    this.thread = new ScheduledThreadPoolExecutor(1, NamedThreads.nonDaemon(worker, "broker"));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  /** Runs a step on the thread, after all waiting steps. Ignored after the loop is closed. */
  void execute(Step step) {
    thread.execute(() -> runNow(step));
  }

  /** Runs a step on the thread after a delay. Ignored after the loop is closed. */
  void schedule(Duration delay, Step step) {
    ScheduledFuture<?> unused =
        thread.schedule(() -> runNow(step), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs a step now and handles its exceptions. The caller must be on the thread. */
  void runNow(Step step) {
    try {
      step.run();
    } catch (IOException | ShutdownSignalException e) {
      failureHandler.accept(e);
    } catch (RuntimeException | Error e) {
      LOG.error("Unexpected error in the broker session; reconnecting to the broker", e);
      failureHandler.accept(e);
    }
  }

  /** The executor for callbacks of consumers, which also run on this thread. */
  ExecutorService executor() {
    return thread;
  }

  /** Ends the thread after the steps that are waiting now. */
  void close() {
    thread.execute(thread::shutdown);
  }

  /** Waits until the thread has ended, up to a limit. */
  void awaitTermination(Duration limit) throws InterruptedException {
    if (!thread.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.warn("The connection to the broker did not close in time; abandoning it");
    }
  }
}
