package dev.docket.joblog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import dev.docket.http.ServerBusy;
import dev.docket.joblog.LogStore.ChunkName;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the logs of tasks and deletes them. An append does not write the task's record, and
 * does not extend its lease.
 */
public final class TaskLogs {

  /** The size of the lines that wait for the store, on this server. */
  private static final long MAX_WAITING_BYTES = 64L << 20;

  private static final int MAX_WRITERS = 20_000;
  private static final int PAGE_SIZE = 500;

  private final LogStore store;
  private final RunCheck runs;
  private final LogLimits limits;
  private final Clock clock;
  private final Executor blocking;
  private final Cache<LogId, LogWriter> writers =
      Caffeine.newBuilder()
          .maximumSize(MAX_WRITERS)
          .expireAfterAccess(Duration.ofMinutes(10))
          .build();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final LongAdder dropped = new LongAdder();

  /**
   * @param blocking runs work that blocks on searches
   */
  public TaskLogs(
      LogStore store, TaskService tasks, LogLimits limits, Clock clock, Executor blocking) {
    this.store = store;
    this.runs = new RunCheck(tasks);
    this.limits = limits;
    this.clock = clock;
    this.blocking = blocking;
  }

  /**
   * An append in progress.
   *
   * @param begun completes when the server has checked the run and the lines have their place among
   *     those that wait for the store: from then on, an end of the run does not make the server
   *     reject them, and lines that are appended later follow them
   * @param appended completes when the lines are stored. Fails with {@link NotCurrentRun}, or with
   *     another {@link Problem}, or with {@link dev.docket.store.StoreUnavailable}
   */
  public record Append(CompletionStage<?> begun, CompletionStage<Appended> appended) {}

  /**
   * Appends lines of a worker.
   *
   * @param claimId the worker's claim; null if it did not claim the run
   * @throws Problem if the lines exceed a limit
   */
  public Append append(LogId log, @Nullable String claimId, NewLines lines) {
    NewLines.Size size = lines.requireWithin(limits);
    CompletionStage<CompletionStage<Appended>> begun =
        runs.check(log, claimId).thenApply(current -> write(log, lines, size));
    return new Append(begun, begun.thenCompose(appended -> appended));
  }

  /**
   * Appends text to the log of the task's current run, for a worker protocol that learns it from a
   * reply, such as a traceback. Only the limits of a line and of a run apply.
   */
  public CompletionStage<Appended> append(Task task, LogLevel level, String text) {
    NewLines lines = NewLines.of(level, text);
    return write(LogId.of(task), lines, lines.size(limits));
  }

  private CompletionStage<Appended> write(LogId log, NewLines lines, NewLines.Size size) {
    if (waitingBytes.addAndGet(size.bytes()) > MAX_WAITING_BYTES) {
      waitingBytes.addAndGet(-size.bytes());
      return CompletableFuture.failedStage(
          new ServerBusy("too many lines wait for the store; send them again"));
    }
    return writers
        .get(log, id -> new LogWriter(store, id, limits, clock))
        .append(lines, size)
        .whenComplete(
            (appended, failure) -> {
              waitingBytes.addAndGet(-size.bytes());
              if (appended != null) {
                dropped.add(appended.dropped());
              }
            });
  }

  /** The number of lines that this server has dropped because their log was full. */
  public long dropped() {
    return dropped.sum();
  }

  /**
   * Deletes all logs of a task. Can be repeated. Fails with {@code StoreUnavailable}. Lines of an
   * earlier run that were stored within the store's last refresh interval can remain; a sweep
   * deletes them.
   */
  public CompletionStage<Void> delete(Task task) {
    LogId current = LogId.of(task);
    writers.invalidate(current);
    return LastChunk.find(store, current, limits)
        .thenCompose(end -> removeBelow(current, end.chunks()))
        .thenRunAsync(() -> deleteFound(task), blocking);
  }

  /** Removes the last chunks first, so that a repetition finds the end of those that remain. */
  private CompletionStage<Void> removeBelow(LogId log, int end) {
    if (end == 0) {
      return CompletableFuture.completedFuture(null);
    }
    int first = Math.max(0, end - PAGE_SIZE);
    return Stages.all(IntStream.range(first, end).mapToObj(number -> remove(log, number)).toList())
        .thenCompose(removed -> removeBelow(log, first));
  }

  private void deleteFound(Task task) {
    List<ChunkName> page;
    ChunkName last = null;
    do {
      page = store.chunks(task.id(), last, PAGE_SIZE);
      Stages.join(
          Stages.all(page.stream().map(chunk -> remove(chunk.log(), chunk.number())).toList()));
      last = page.isEmpty() ? null : page.get(page.size() - 1);
    } while (page.size() == PAGE_SIZE);
  }

  private CompletionStage<Void> remove(LogId log, int number) {
    return store.remove(log, number).thenAccept(WriteOutcome::requireKnown);
  }
}
