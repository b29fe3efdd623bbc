package dev.docket.outbox;

import dev.docket.task.Task;
import dev.docket.task.machine.Effect;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Performs the effects of one type. An effect may be performed more than once, also by two servers
 * at the same time, with the same outcome. Methods are called on any thread and do not block.
 *
 * @param <E> the type of effect
 */
public interface EffectHandler<E extends Effect> {

  /** Performs an effect of a task. If the stage fails, the effect is performed again later. */
  CompletionStage<Void> perform(Task task, E effect);

  /**
   * Called after an effect was performed that another server had performed before. The task may
   * have changed between the two, so that the repetition is obsolete and must be undone.
   *
   * @param current the task as it is now; null if it was removed
   */
  default CompletionStage<Void> afterRepetition(Task task, E effect, @Nullable Task current) {
    return CompletableFuture.completedStage(null);
  }
}
