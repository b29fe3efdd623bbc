package dev.docket.task;

import dev.docket.task.machine.PendingEffect;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Performs the side effects of transitions. It is called right after the write, on the store's
 * thread, and must not block.
 */
@FunctionalInterface
public interface Outbox {

  /**
   * Performs effects from the task's outbox, in the given order. The stage contains those that were
   * performed and can be removed from the outbox; it does not fail. If an effect fails, it and the
   * following ones are not among them. Publishing never is: the broker's confirm or return removes
   * that effect, and the others do not wait for it.
   */
  CompletionStage<List<PendingEffect>> perform(Task task, List<PendingEffect> effects);

  /**
   * Called if performed effects were no longer in the outbox, because another server had performed
   * them before.
   *
   * @param current the task as it is now; null if it was removed
   */
  default CompletionStage<Void> afterRepetition(
      Task task, List<PendingEffect> repeated, @Nullable Task current) {
    return CompletableFuture.completedStage(null);
  }
}
