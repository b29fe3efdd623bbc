package dev.docket.server;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The server's threads, apart from those of Jetty, the store and the broker. */
final class ServerThreads {

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "docket-timer"));

  // Work that the full queue rejects stays in its outbox, and a sweep performs it later.
  private final ExecutorService blocking =
      new ThreadPoolExecutor(
          4,
          4,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(10_000),
          numbered("docket-blocking-"),
          new ThreadPoolExecutor.AbortPolicy());

  ScheduledExecutorService timer() {
    return timer;
  }

  /** The executor for work that blocks on searches. Rejects work when its queue is full. */
  Executor blocking() {
    return blocking;
  }

  /** Stops the threads, and waits at most ten seconds for running work. */
  void close() throws InterruptedException {
    timer.shutdown();
    blocking.shutdown();
    if (!blocking.awaitTermination(10, TimeUnit.SECONDS)) {
      blocking.shutdownNow();
    }
  }

  private static ThreadFactory numbered(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> daemon(task, name + number.incrementAndGet());
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
