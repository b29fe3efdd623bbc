package dev.docket.result;

import dev.docket.outbox.EffectHandlers;
import dev.docket.task.Outbox;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Performs the effects on results with the server's handlers; the others stay in the outbox. */
public final class ResultOutbox implements Outbox {

  private final EffectHandlers handlers = new EffectHandlers();
  private boolean paused;

  /** Registers the handlers. */
  public void connect(ResultEffects results, TaskService tasks) {
    handlers
        .register(Effect.StoreResults.class, new StoreResultsHandler(results, tasks))
        .register(
            Effect.DeleteResults.class, (task, effect) -> results.delete(task, effect.results()));
  }

  /** Performs nothing from now on. */
  public void pause() {
    paused = true;
  }

  @Override
  public CompletionStage<List<PendingEffect>> perform(Task task, List<PendingEffect> effects) {
    return paused
        ? CompletableFuture.completedStage(List.of())
        : handlers.perform(
            task,
            effects.stream()
                .filter(
                    p ->
                        p.effect() instanceof Effect.StoreResults
                            || p.effect() instanceof Effect.DeleteResults)
                .toList());
  }
}
