package dev.docket.server;

import dev.docket.concurrent.NamedThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The server's threads, apart from those of Jetty, the store and the broker. */
final class ServerThreads {

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(new NamedThreads("docket-timer"));

  private final List<ExecutorService> repeated = new CopyOnWriteArrayList<>();

  // Work that the full queue rejects stays in its outbox, and a sweep performs it later.
  private final ExecutorService blocking = pool("docket-blocking", 4);

  // Apart, so that many limited keys do not delay other work. A sweep requests rejected keys again.
  private final ExecutorService admissions = pool("docket-admission", 2);

  private static ExecutorService pool(String name, int threads) {
    return new ThreadPoolExecutor(
        threads,
        threads,
        1,
        TimeUnit.MINUTES,
        new ArrayBlockingQueue<>(10_000),
        new NamedThreads(name),
        new ThreadPoolExecutor.AbortPolicy());
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  /** Runs short work that never blocks, again and again, until the threads are closed. */
  void repeat(Duration interval, Runnable work) {
    var unused =
        timer.scheduleWithFixedDelay(
            work, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Runs work that blocks again and again on a thread of its own, so that it is never late. */
  void repeatBlocking(String name, Duration interval, Runnable work) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(new NamedThreads(name));
    repeated.add(thread);
    var unused =
        thread.scheduleWithFixedDelay(
            work, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The executor for work that blocks on searches. Rejects work when its queue is full. */
  Executor blocking() {
    return blocking;
  }

  /** The executor that admits the tasks of limited keys. Rejects work when its queue is full. */
  Executor admissions() {
    return admissions;
  }

  /** Stops the threads, and waits at most ten seconds for running work. */
  void close() throws InterruptedException {
    timer.shutdown();
    repeated.forEach(ExecutorService::shutdownNow);
    for (ExecutorService pool : List.of(admissions, blocking)) {
      pool.shutdown();
      if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    }
  }
}
