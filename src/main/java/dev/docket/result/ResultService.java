package dev.docket.result;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The results of tasks that readers see: those of their successful runs, whether they are already
 * in the store or still in the task's outbox.
 */
public final class ResultService {

  private static final int PAGE_SIZE = 500;

  private final ResultStore store;
  private final Payloads payloads;
  private final TaskService tasks;

  public ResultService(ResultStore store, Payloads payloads, TaskService tasks) {
    this.store = store;
    this.payloads = payloads;
    this.tasks = tasks;
  }

  /**
   * The results of the latest successful run of each of these tasks that left any, in the order of
   * the tasks and of the worker.
   */
  public CompletionStage<List<Result>> ofTasks(List<Task> requested) {
    return of(requested, task -> Stream.ofNullable(task.latestResults()).toList());
  }

  /** The results of some of the successful runs of a task, in the order of the runs. */
  public CompletionStage<List<Result>> ofRuns(Task task, List<ResultRun> runs) {
    return of(List.of(task), ignored -> runs);
  }

  private CompletionStage<List<Result>> of(
      List<Task> requested, Function<Task, List<ResultRun>> runs) {
    List<ResultId> ids = new ArrayList<>();
    for (Task task : requested) {
      runs.apply(task).forEach(run -> ids.addAll(run.resultIds(task.id())));
    }
    return find(ids)
        .thenApply(
            found -> {
              List<Result> all = new ArrayList<>();
              for (Task task : requested) {
                Map<ResultId, Result> pending = pending(task);
                for (ResultRun run : runs.apply(task)) {
                  run.resultIds(task.id()).stream()
                      .map(id -> found.containsKey(id) ? found.get(id).value() : pending.get(id))
                      .filter(Objects::nonNull)
                      .forEach(all::add);
                }
              }
              return all;
            });
  }

  private CompletionStage<Map<ResultId, Versioned<Result>>> find(List<ResultId> ids) {
    List<CompletableFuture<Map<ResultId, Versioned<Result>>>> pages = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += PAGE_SIZE) {
      List<ResultId> page = ids.subList(from, Math.min(ids.size(), from + PAGE_SIZE));
      pages.add(store.find(page).toCompletableFuture());
    }
    return Stages.all(pages)
        .thenApply(
            ignored -> {
              Map<ResultId, Versioned<Result>> all = new HashMap<>();
              pages.forEach(page -> all.putAll(page.join()));
              return all;
            });
  }

  /** The results that are still in the task's outbox. */
  private static Map<ResultId, Result> pending(Task task) {
    Map<ResultId, Result> pending = new HashMap<>();
    Instant ended = task.run().finishedAt() == null ? task.updatedAt() : task.run().finishedAt();
    task.outbox()
        .forEach(
            entry -> {
              if (entry.effect() instanceof Effect.StoreResults effect) {
                List<ResultId> ids = effect.draftIds(task.id());
                for (int i = 0; i < ids.size(); i++) {
                  ResultDraft draft = effect.drafts().get(i);
                  pending.put(ids.get(i), Result.of(task, effect.run(), ids.get(i), draft, ended));
                }
              }
            });
    return pending;
  }

  /** Returns a result of a successful run; otherwise fails with {@link ResultNotFound}. */
  public CompletionStage<Result> get(ResultId id) {
    return store
        .find(id)
        .thenCompose(
            found -> {
              Result result = found.orElseThrow(() -> new ResultNotFound(id)).value();
              return tasks
                  .find(result.taskId())
                  .thenApply(
                      task ->
                          task.filter(t -> ListedRuns.isListed(t, result))
                              .map(t -> result)
                              .orElseThrow(() -> new ResultNotFound(id)));
            });
  }

  /** See {@link Payloads#searched}. */
  CompletionStage<Optional<JsonNode>> searchedPayload(Result result) {
    return payloads.searched(result);
  }

  /**
   * Removes a result. Its task stops listing it first, so that it is deleted even if this server
   * stops in between.
   */
  public CompletionStage<Void> remove(Result result) {
    return Stages.ignore(
            TaskNotFound.class,
            tasks.execute(result.taskId(), new Command.RemoveResults(List.of(result.id()))))
        .thenCompose(unlisted -> removePayload(result))
        .thenCompose(removed -> store.remove(result.id()))
        .thenAccept(Payloads::requireStored);
  }

  /**
   * Deletes a stored result if its task does not need it, or marks it as its task requires. The
   * task is read again after the result was marked, because it may have changed meanwhile.
   */
  public CompletionStage<Void> correct(Result result) {
    return tasks
        .find(result.taskId())
        .thenCompose(
            found -> {
              Task task = found.orElse(null);
              if (task != null && ListedRuns.isCorrect(task, result)) {
                return CompletableFuture.completedStage(null);
              }
              Optional<ResultRun> listed =
                  task == null
                      ? Optional.empty()
                      : ListedRuns.find(task, result.run(), result.id());
              if (task == null || (listed.isEmpty() && !ListedRuns.isPending(task, result))) {
                return remove(result);
              }
              Result marked =
                  result.marked(
                      listed.isPresent(),
                      listed.filter(run -> run.equals(task.latestResults())).isPresent());
              return store
                  .mark(result.id(), marked.visible(), marked.latest())
                  .thenCompose(
                      outcome -> {
                        Payloads.requireStored(outcome);
                        return outcome instanceof WriteOutcome.Conflict
                            ? CompletableFuture.completedStage(null)
                            : correct(marked);
                      });
            });
  }

  private CompletionStage<Void> removePayload(Result result) {
    Long bytes = result.payloadBytes();
    return bytes == null
        ? CompletableFuture.completedStage(null)
        : payloads.remove(result.id(), bytes);
  }
}
