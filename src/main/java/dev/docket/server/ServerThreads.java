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

/** The server's threads besides Jetty's, the store's and the broker's. */
final class ServerThreads {

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "docket-timer"));

  // What does not fit into the queue stays in its outbox, and a sweep comes back to it.
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

  /** For what has to wait for a search; turns work away when there is far too much. */
  Executor blocking() {
    return blocking;
  }

  /** Waits ten seconds at most for what is under way. */
  void close() throws InterruptedException {
    timer.shutdown();
    blocking.shutdown();
    if (!blocking.awaitTermination(10, TimeUnit.SECONDS)) {
      blocking.shutdownNow();
    }
  }

  private static ThreadFactory numbered(String name) {
    AtomicInteger number = new AtomicInteger();
    return work -> daemon(work, name + number.incrementAndGet());
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
