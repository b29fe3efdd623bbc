package dev.docket.result;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.IllegalTransition;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Saves results that a worker submits before its run ends. They belong to the task's current run:
 * readers see them when the run succeeds, and they are deleted if it ends otherwise. Such a worker
 * does not name its run, so a result that an earlier run saves late is attributed to the current
 * run.
 */
public final class SavedResults {

  private final ResultStore store;
  private final TaskService tasks;
  private final Clock clock;

  public SavedResults(ResultStore store, TaskService tasks, Clock clock) {
    this.store = store;
    this.tasks = tasks;
    this.clock = clock;
  }

  /**
   * Saves a result. Fails with {@link IllegalTransition} if the task does not run or already has
   * {@value dev.docket.task.machine.TaskMachine#MAX_SAVED} saved results, with {@link RunEnded} if
   * the run ends during the call, with {@link dev.docket.task.TaskNotFound}, and with {@link
   * StoreUnavailable} if the outcome is unknown; the worker can then save the result again.
   */
  public CompletionStage<Result> save(TaskId id, ResultDraft draft) {
    return tasks
        .execute(id, new Command.SaveResult())
        .thenApply(IllegalTransition::taskOrThrow)
        .thenCompose(
            task -> {
              // The task counts the result before it is stored, so a transition that closes the run
              // deletes it too.
              int ordinal = task.saved() - 1;
              Result result = Result.of(task, task.savedResults(), ordinal, draft, clock.instant());
              return store
                  .put(result)
                  .thenAccept(SavedResults::requireStored)
                  .thenCompose(ignored -> removeIfRunEnded(result));
            });
  }

  private static void requireStored(WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Unknown unknown) {
      throw new StoreUnavailable(unknown.reason());
    }
    if (outcome instanceof WriteOutcome.Rejected rejected) {
      throw new UnstorableResult(rejected.reason());
    }
  }

  /** Removes the result again if the run was closed while the result was being stored. */
  private CompletionStage<Result> removeIfRunEnded(Result result) {
    return tasks
        .find(result.taskId())
        .thenCompose(
            task -> {
              if (task.filter(t -> belongs(t, result)).isPresent()) {
                return CompletableFuture.completedStage(result);
              }
              return store
                  .remove(result.id())
                  .thenCompose(ignored -> CompletableFuture.failedStage(new RunEnded(result)));
            });
  }

  private static boolean belongs(Task task, Result result) {
    RunResults current = task.results();
    return (task.saved() > 0 && task.isCurrentRun(result.attempt(), result.run()))
        || (current != null && current.run().equals(result.run()));
  }

  /** Deletes a pending or current result; fails with {@link ResultNotFound}. */
  public CompletionStage<Void> delete(ResultId id) {
    return store
        .find(id)
        .thenCompose(
            found -> {
              Result result = found.map(Versioned::value).orElseThrow(() -> new ResultNotFound(id));
              return tasks
                  .find(result.taskId())
                  .thenCompose(
                      task -> {
                        if (task.filter(t -> belongs(t, result)).isEmpty()) {
                          throw new ResultNotFound(id);
                        }
                        return store.remove(id);
                      });
            })
        .thenAccept(SavedResults::requireStored);
  }
}
