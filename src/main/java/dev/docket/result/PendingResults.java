package dev.docket.result;

import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Effect;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stores results that are still in their task's outbox, so that a search that follows finds them.
 * The effect stays in the outbox; performing it again changes nothing.
 */
public final class PendingResults {

  private final StoreResultsHandler handler;
  private final TaskService tasks;

  public PendingResults(StoreResultsHandler handler, TaskService tasks) {
    this.handler = handler;
    this.tasks = tasks;
  }

  /** Stores the pending results of a task, and returns whether there were any. */
  public CompletionStage<Boolean> store(TaskId id) {
    return tasks.find(id).thenCompose(this::store);
  }

  private CompletionStage<Boolean> store(Optional<Task> found) {
    CompletionStage<Boolean> stored = CompletableFuture.completedStage(false);
    if (found.isEmpty()) {
      return stored;
    }
    Task task = found.orElseThrow();
    for (var pending : task.outbox()) {
      if (pending.effect() instanceof Effect.StoreResults effect) {
        stored = stored.thenCompose(before -> store(task, effect)).thenApply(done -> true);
      }
    }
    return stored;
  }

  /** The task may have been deleted, or have ended another run, while its results were stored. */
  private CompletionStage<Void> store(Task task, Effect.StoreResults effect) {
    return handler
        .perform(task, effect)
        .thenCompose(stored -> tasks.find(task.id()))
        .thenCompose(current -> handler.afterRepetition(task, effect, current.orElse(null)));
  }
}
