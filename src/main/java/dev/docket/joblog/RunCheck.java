package dev.docket.joblog;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.docket.concurrent.Stages;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a run is the current one of its task. The answer is kept for {@link #VALID_FOR}: the
 * last lines of a run may arrive after its end, when the server has already started the next run,
 * and a worker that sends lines again and again costs no read of its task.
 */
final class RunCheck {

  static final Duration VALID_FOR = Duration.ofMinutes(1);

  private static final int MAX_RUNS = 50_000;

  private record Claim(LogId log, @Nullable String claimId) {}

  private final Function<TaskId, CompletionStage<Task>> tasks;
  private final AsyncCache<Claim, Optional<RuntimeException>> current;

  RunCheck(TaskService tasks) {
    this(tasks::get, Ticker.systemTicker());
  }

  /**
   * @param tasks reads a task; fails with {@link TaskNotFound}
   */
  RunCheck(Function<TaskId, CompletionStage<Task>> tasks, Ticker ticker) {
    this.tasks = tasks;
    this.current =
        Caffeine.newBuilder()
            .maximumSize(MAX_RUNS)
            .expireAfterWrite(VALID_FOR)
            .ticker(ticker)
            .buildAsync();
  }

  /**
   * Completes with true if the run is the current one, or was within {@link #VALID_FOR}.
   *
   * @param claimId the sender's claim; null if it did not claim the run
   * @return a stage that fails with {@link NotCurrentRun} or {@link TaskNotFound}
   */
  CompletionStage<Boolean> check(LogId log, @Nullable String claimId) {
    Claim claim = new Claim(log, claimId);
    // Concurrent checks share one read.
    return current
        .get(claim, (key, executor) -> read(key))
        .thenApply(
            failure -> {
              if (failure.isPresent()) {
                current.synchronous().invalidate(claim);
                throw failure.orElseThrow();
              }
              return true;
            });
  }

  /** Reads the task. Returns why the run may not append; the cache would log a failed stage. */
  private CompletableFuture<Optional<RuntimeException>> read(Claim claim) {
    return tasks
        .apply(claim.log().task())
        .handle(
            (task, failure) -> {
              if (failure == null) {
                return isCurrent(task, claim)
                    ? Optional.<RuntimeException>empty()
                    : Optional.<RuntimeException>of(new NotCurrentRun(claim.log().attempt(), task));
              }
              Throwable cause = Stages.cause(failure);
              return Optional.of(
                  cause instanceof RuntimeException known ? known : new CompletionException(cause));
            })
        .toCompletableFuture();
  }

  /** A run that has ended stays current until the next one starts. */
  private static boolean isCurrent(Task task, Claim claim) {
    Lease lease = task.run().lease();
    return task.isCurrentRun(claim.log().run())
        && (lease == null || claim.claimId() == null || lease.claimId().equals(claim.claimId()));
  }
}
