package dev.docket.dependency;

import dev.docket.concurrent.Stages;
import dev.docket.outbox.EffectHandler;
import dev.docket.task.Dependency;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Notifies all dependents that their task has ended or been deleted. */
public final class WakeHandler implements EffectHandler<Effect.Wake> {

  private final DependentNotifier notifier;

  public WakeHandler(DependentNotifier notifier) {
    this.notifier = notifier;
  }

  @Override
  public CompletionStage<Void> perform(Task task, Effect.Wake effect) {
    Command notification =
        task.deleted()
            ? DependentNotifier.deleted(task.id(), task.key())
            : DependentNotifier.ended(task);
    if (task.moreDependents()) {
      return notifier
          .eachWaitingFor(
              task,
              waiting ->
                  isNotified(waiting, task)
                      ? CompletableFuture.completedStage(null)
                      : notifier.notify(waiting.id(), notification))
          .thenCompose(notified -> wakeTasksWaitingForAny(task, notification));
    }
    return Stages.all(
        task.dependents().stream()
            .map(dependent -> notifier.notify(dependent, notification))
            .toList());
  }

  /**
   * Tasks that wait for any success name no dependency, so a search by dependency does not find
   * them. They belong to the same document.
   */
  private CompletionStage<Void> wakeTasksWaitingForAny(Task task, Command notification) {
    if (!(notification instanceof Command.DependencyDone)) {
      return CompletableFuture.completedStage(null);
    }
    return notifier.eachOfDocument(
        task,
        other ->
            other.waitAny() && !other.deleted()
                ? notifier.notify(other.id(), notification)
                : CompletableFuture.completedStage(null));
  }

  private static boolean isNotified(Task waiting, Task ended) {
    for (Dependency dependency : waiting.dependsOn()) {
      if (dependency.id().equals(ended.id())) {
        return !ended.deleted()
            && dependency.attempt() == ended.run().attempt()
            && dependency.state() == ended.state();
      }
    }
    return false;
  }
}
