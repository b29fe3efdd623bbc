package dev.docket.result;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The current results of tasks: those of the last successful run, whether they are already in the
 * store or still in the task's outbox.
 */
public final class ResultService {

  private final ResultStore store;
  private final TaskService tasks;

  public ResultService(ResultStore store, TaskService tasks) {
    this.store = store;
    this.tasks = tasks;
  }

  /** The current results of these tasks, in the order of the tasks and of the worker. */
  public CompletionStage<List<Result>> ofTasks(List<Task> requested) {
    List<ResultId> ids = new ArrayList<>();
    for (Task task : requested) {
      RunResults run = task.results();
      for (int i = 0; run != null && i < run.count(); i++) {
        ids.add(ResultId.of(task.id(), run, i));
      }
    }
    return find(ids)
        .thenApply(
            found -> {
              List<Result> all = new ArrayList<>();
              requested.forEach(task -> addAll(task, found, all));
              return all;
            });
  }

  private CompletionStage<Map<ResultId, Versioned<Result>>> find(List<ResultId> ids) {
    List<CompletableFuture<Map<ResultId, Versioned<Result>>>> pages = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += 500) {
      List<ResultId> page = ids.subList(from, Math.min(ids.size(), from + 500));
      pages.add(store.find(page).toCompletableFuture());
    }
    return CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new))
        .thenApply(
            ignored -> {
              Map<ResultId, Versioned<Result>> all = new HashMap<>();
              pages.forEach(page -> all.putAll(page.join()));
              return all;
            });
  }

  private static void addAll(
      Task task, Map<ResultId, Versioned<Result>> stored, List<Result> into) {
    RunResults run = task.results();
    if (run == null) {
      return;
    }
    List<ResultDraft> drafts = drafts(task, run);
    int first = run.count() - drafts.size();
    for (int i = 0; i < run.count(); i++) {
      Versioned<Result> record = stored.get(ResultId.of(task.id(), run, i));
      if (record != null) {
        into.add(record.value());
      } else if (i >= first) {
        Instant ended = task.finishedAt() == null ? task.updatedAt() : task.finishedAt();
        into.add(Result.of(task, run, i, drafts.get(i - first), ended));
      }
    }
  }

  /** The results of a run that are still in the task's outbox. */
  private static List<ResultDraft> drafts(Task task, RunResults run) {
    return task.outbox().stream()
        .filter(
            pending ->
                pending.effect() instanceof Effect.StoreResults store && store.run().equals(run))
        .map(pending -> ((Effect.StoreResults) pending.effect()).drafts())
        .findFirst()
        .orElse(List.of());
  }

  /** Returns a result if it is current; otherwise fails with {@link ResultNotFound}. */
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
                          task.filter(t -> isCurrent(t, result))
                              .map(t -> result)
                              .orElseThrow(() -> new ResultNotFound(id)));
            });
  }

  /** Whether a stored result belongs to the last successful run of its task. */
  public static boolean isCurrent(Task task, Result result) {
    RunResults run = task.results();
    return run != null && run.run().equals(result.run());
  }

  /** Deletes a current result; fails with {@link ResultNotFound}. */
  public CompletionStage<Void> delete(ResultId id) {
    return get(id)
        .thenCompose(result -> store.remove(id))
        .thenAccept(
            outcome -> {
              if (outcome instanceof WriteOutcome.Unknown unknown) {
                throw new StoreUnavailable(unknown.reason());
              }
            });
  }
}
