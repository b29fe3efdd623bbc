package dev.docket.task;

import dev.docket.task.machine.PendingEffect;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Performs no effect, so that all stay in their task's outbox. */
public final class NoOutbox implements Outbox {
  @Override
  public CompletionStage<List<PendingEffect>> perform(Task task, List<PendingEffect> effects) {
    return CompletableFuture.completedStage(List.of());
  }
}
