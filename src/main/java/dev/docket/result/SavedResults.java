package dev.docket.result;

import dev.docket.http.Problem;
import dev.docket.task.IllegalTransition;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import java.time.Clock;
import java.util.List;
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
  private final ResultService results;
  private final TaskService tasks;
  private final Clock clock;

  public SavedResults(ResultStore store, ResultService results, TaskService tasks, Clock clock) {
    this.store = store;
    this.results = results;
    this.tasks = tasks;
    this.clock = clock;
  }

  /**
   * A result that its task lists and that is not stored yet.
   *
   * @param task the task in the run that the result belongs to
   */
  public record NotedResult(ResultId id, Task task) {

    /** The owner of the payload, if it is stored outside the result. */
    public PayloadPart.Owner owner() {
      return new PayloadPart.Owner(task.id(), task.run().attempt(), task.run().token(), null);
    }
  }

  /**
   * The first step of a save: the task lists the result before anything is stored, so a transition
   * that closes the run deletes it too. The same result of the same run has the same id, so a save
   * can be repeated.
   *
   * <p>Fails with {@link IllegalTransition} if the task does not run or already has {@value
   * dev.docket.task.machine.TaskMachine#MAX_SAVED} saved results, with {@link TaskNotFound}, and
   * with {@link dev.docket.store.StoreUnavailable}.
   *
   * @param digest identifies the result within its run
   */
  public CompletionStage<NotedResult> note(TaskId id, byte[] digest) {
    return tasks
        .get(id)
        .thenCompose(
            task -> {
              ResultId result = ResultId.saved(task, digest);
              return tasks
                  .execute(id, new Command.SaveResult(task.run().ref(), result))
                  .thenApply(IllegalTransition::taskOrThrow)
                  .thenApply(noted -> new NotedResult(result, noted));
            });
  }

  /**
   * The second step of a save: stores the result, after its payload if that is large.
   *
   * <p>Fails with a {@link Problem} if the run has ended since the first step, and with {@link
   * dev.docket.store.StoreUnavailable} if the outcome is unknown; the worker can then save the
   * result again.
   */
  public CompletionStage<ResultId> store(NotedResult noted, ResultDraft draft) {
    Result result = Result.saved(noted.task(), noted.id(), draft, clock.instant());
    return results
        .searchedPayload(result)
        .thenCompose(searched -> store.create(result, searched.orElse(null)))
        .thenAccept(Payloads::requireStored)
        .thenCompose(stored -> settle(result));
  }

  /**
   * Checks the run again, because it may have ended while the result was being stored. If it
   * succeeded with this result, the result becomes visible; otherwise it is removed.
   */
  private CompletionStage<ResultId> settle(Result result) {
    return tasks
        .find(result.taskId())
        .thenCompose(
            task -> {
              if (task.filter(t -> ListedRuns.isPending(t, result)).isPresent()) {
                return CompletableFuture.completedStage(result.id());
              }
              if (task.filter(t -> ListedRuns.isListed(t, result)).isPresent()) {
                boolean latest =
                    task.map(Task::latestResults)
                        .filter(run -> run.run().equals(result.run()))
                        .isPresent();
                return store
                    .mark(result.id(), true, latest)
                    .thenAccept(Payloads::requireStored)
                    .thenApply(marked -> result.id());
              }
              return results
                  .remove(result)
                  .thenCompose(removed -> CompletableFuture.failedStage(runEnded(result)));
            });
  }

  private static Problem runEnded(Result result) {
    return new Problem(
        Problem.Kind.CONFLICT,
        "attempt " + result.attempt() + " of task " + result.taskId() + " has ended");
  }

  /** Returns a pending result or one of a successful run; fails with {@link ResultNotFound}. */
  public CompletionStage<Result> find(ResultId id) {
    return store
        .find(List.of(id))
        .thenApply(found -> found.get(id))
        .thenCompose(
            found -> {
              if (found == null) {
                throw new ResultNotFound(id);
              }
              Result result = found.value();
              return tasks
                  .find(result.taskId())
                  .thenApply(
                      task -> {
                        if (task.filter(
                                t ->
                                    ListedRuns.isPending(t, result)
                                        || ListedRuns.isListed(t, result))
                            .isEmpty()) {
                          throw new ResultNotFound(id);
                        }
                        return result;
                      });
            });
  }
}
