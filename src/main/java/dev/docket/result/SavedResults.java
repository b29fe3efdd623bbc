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
 * Results that a worker saves before its run ends. They wait under the task's current run: readers
 * see them once it ends in success, and they go when it ends otherwise. Such a worker does not say
 * of which run it speaks, so what one of an earlier run saves late is taken for the current one's.
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
   * Saves one. Fails with {@link IllegalTransition} when the task does not run, has ended
   * meanwhile, or has {@value dev.docket.task.machine.TaskMachine#MAX_SAVED} already; with {@link
   * dev.docket.task.TaskNotFound}; with {@link StoreUnavailable} when it may be saved again.
   */
  public CompletionStage<Result> save(TaskId id, ResultDraft draft) {
    return tasks
        .execute(id, new Command.SaveResult())
        .thenApply(IllegalTransition::orTask)
        .thenCompose(
            task -> {
              // Its number was taken first: from now on whoever closes the run deletes it too.
              int ordinal = task.saved() - 1;
              Result result = Result.of(task, task.savedResults(), ordinal, draft, clock.instant());
              return store
                  .put(result)
                  .thenAccept(SavedResults::mustBeStored)
                  .thenCompose(stored -> stillWanted(result));
            });
  }

  private static void mustBeStored(WriteOutcome saved) {
    if (saved instanceof WriteOutcome.Unknown unknown) {
      throw new StoreUnavailable(unknown.why());
    }
    if (saved instanceof WriteOutcome.Unfit unfit) {
      throw new UnstorableResult(unfit.why());
    }
  }

  /** The run may have been closed while the record was on its way: then it goes again. */
  private CompletionStage<Result> stillWanted(Result result) {
    return tasks
        .find(result.taskId())
        .thenCompose(
            task -> {
              if (task.filter(t -> belongs(t, result)).isPresent()) {
                return CompletableFuture.completedStage(result);
              }
              return store
                  .remove(result.id())
                  .thenCompose(gone -> CompletableFuture.failedStage(new RunEnded(result)));
            });
  }

  private static boolean belongs(Task task, Result result) {
    RunResults counting = task.results();
    return (task.saved() > 0 && task.isRun(result.attempt(), result.run()))
        || (counting != null && counting.run().equals(result.run()));
  }

  /** Takes one back, whether it waits or counts; fails with {@link ResultNotFound}. */
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
        .thenAccept(SavedResults::mustBeStored);
  }
}
