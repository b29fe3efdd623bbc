package dev.docket.result;

import dev.docket.outbox.EffectHandler;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Creates the result records of a run that succeeded. */
public final class StoreResultsHandler implements EffectHandler<Effect.StoreResults> {

  private final ResultEffects results;
  private final TaskService tasks;

  public StoreResultsHandler(ResultEffects results, TaskService tasks) {
    this.results = results;
    this.tasks = tasks;
  }

  @Override
  public CompletionStage<Void> perform(Task task, Effect.StoreResults effect) {
    return results
        .store(task, effect)
        .thenCompose(
            missing ->
                missing.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : tasks
                        .execute(task.id(), new Command.RemoveResults(missing))
                        .thenAccept(decision -> {}));
  }

  /**
   * A deletion of the task, or later transitions, may have deleted these results, or changed which
   * are the latest. The task may change again meanwhile, so it is read until it stays the same.
   */
  @Override
  public CompletionStage<Void> afterRepetition(
      Task task, Effect.StoreResults effect, @Nullable Task current) {
    if (current == null) {
      return results.delete(task, List.of(effect.run()));
    }
    return results
        .settle(current, effect)
        .thenCompose(settled -> tasks.find(task.id()))
        .thenCompose(
            found ->
                found.isPresent() && found.orElseThrow().resultRuns().equals(current.resultRuns())
                    ? CompletableFuture.completedStage(null)
                    : afterRepetition(task, effect, found.orElse(null)));
  }
}
