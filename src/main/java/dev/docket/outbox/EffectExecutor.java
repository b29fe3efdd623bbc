package dev.docket.outbox;

import dev.docket.broker.TaskPublisher;
import dev.docket.dependency.DependencyEffects;
import dev.docket.result.ResultEffects;
import dev.docket.task.Outbox;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs the effects of a transition in order, and removes completed effects from the outbox. If
 * an effect fails, it and the following ones stay in the outbox, and the overdue sweep performs
 * them later. Never blocks. Every effect is idempotent.
 */
public final class EffectExecutor implements Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(EffectExecutor.class);

  private final TaskPublisher publisher;
  private final ResultEffects results;
  private final DependencyEffects dependencyEffects;
  private final LazyConfirmations confirmations;
  private final CompletableFuture<TaskService> tasks;

  /**
   * Creates the executor.
   *
   * @param tasks completed when the task service has been created, which needs this executor
   */
  public EffectExecutor(
      TaskPublisher publisher,
      ResultEffects results,
      DependencyEffects dependencyEffects,
      LazyConfirmations confirmations,
      CompletableFuture<TaskService> tasks) {
    this.publisher = publisher;
    this.results = results;
    this.dependencyEffects = dependencyEffects;
    this.confirmations = confirmations;
    this.tasks = tasks;
  }

  @Override
  public void perform(Task task, List<PendingEffect> effects) {
    List<PendingEffect> ordered = new ArrayList<>();
    for (PendingEffect pending : effects) {
      if (pending.effect() instanceof Effect.Publish) {
        publish(task);
      } else {
        ordered.add(pending);
      }
    }
    if (!ordered.isEmpty()) {
      performInOrder(task, ordered);
    }
  }

  private void performInOrder(Task task, List<PendingEffect> effects) {
    Set<String> done = new HashSet<>();
    CompletionStage<Void> chain = CompletableFuture.completedStage(null);
    for (PendingEffect pending : effects) {
      chain =
          chain
              .thenCompose(previous -> perform(task, pending.effect()))
              .thenAccept(performed -> done.add(pending.id()));
    }
    chain
        .handle((performed, failure) -> failure)
        .thenAccept(
            failure -> {
              if (failure != null) {
                LOG.atWarn()
                    .addKeyValue("task", task.id())
                    .log(
                        "An effect failed ({}); the overdue sweep will perform it",
                        failure.toString());
              }
              if (!done.isEmpty()) {
                effectsDone(task, effects, done);
              }
            });
  }

  private void effectsDone(Task task, List<PendingEffect> effects, Set<String> done) {
    List<Effect.StoreResults> stored =
        effects.stream()
            .filter(p -> done.contains(p.id()) && p.effect() instanceof Effect.StoreResults)
            .map(p -> (Effect.StoreResults) p.effect())
            .toList();
    report(task, new Command.EffectsDone(done))
        .handle((decision, failure) -> undo(task, stored, decision, failure))
        .thenCompose(undone -> undone)
        .whenComplete(
            (undone, failure) -> {
              if (failure != null) {
                LOG.atWarn()
                    .addKeyValue("task", task.id())
                    .log(
                        "Obsolete results could not be removed and remain in the store: {}",
                        failure.toString());
              }
            });
  }

  /**
   * Undoes the storing of results if another server has performed the effect before. A deletion of
   * the task, or later transitions, may have deleted these results by then, or changed which are
   * the latest. This server notices that because the effect is no longer in the outbox.
   */
  private CompletionStage<Void> undo(
      Task task,
      List<Effect.StoreResults> stored,
      @Nullable Decision decision,
      @Nullable Throwable failure) {
    if (failure != null) {
      boolean deleted =
          failure instanceof TaskNotFound || failure.getCause() instanceof TaskNotFound;
      return deleted ? results.delete(task, runs(stored)) : CompletableFuture.completedStage(null);
    }
    return decision instanceof Decision.Unchanged unchanged
        ? settle(unchanged.task(), stored)
        : CompletableFuture.completedStage(null);
  }

  /** The task may change while its results are marked, so it is read again afterwards. */
  private CompletionStage<Void> settle(Task task, List<Effect.StoreResults> stored) {
    if (stored.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    return results
        .settle(task, stored)
        .thenCompose(settled -> tasks.join().find(task.id()))
        .thenCompose(
            found ->
                found.isEmpty()
                    ? results.delete(task, runs(stored))
                    : found.orElseThrow().resultRuns().equals(task.resultRuns())
                        ? CompletableFuture.completedStage(null)
                        : settle(found.orElseThrow(), stored));
  }

  private static List<ResultRun> runs(List<Effect.StoreResults> stored) {
    return stored.stream().map(Effect.StoreResults::run).toList();
  }

  private CompletionStage<Void> perform(Task task, Effect effect) {
    if (effect instanceof Effect.StoreResults store) {
      return store(task, store);
    }
    if (effect instanceof Effect.Register register) {
      return dependencyEffects.register(task, register.needed());
    }
    if (effect instanceof Effect.Wake) {
      return dependencyEffects.wake(task);
    }
    if (effect instanceof Effect.DeleteResults delete) {
      return results.delete(task, delete.results());
    }
    throw new IllegalStateException("effect is not supported: " + effect);
  }

  private void publish(Task task) {
    publisher
        .publish(task)
        .thenAccept(
            outcome -> {
              switch (outcome) {
                case CONFIRMED -> confirmations.schedule(task);
                case UNROUTABLE -> {
                  var unused = report(task, new Command.Unroutable(task.run().ref()));
                }
                case NOT_NOW ->
                    LOG.debug(
                        "Task {} could not be published; the overdue sweep will retry", task.id());
              }
            });
  }

  private CompletionStage<Void> store(Task task, Effect.StoreResults store) {
    return results
        .store(task, store)
        .thenCompose(
            missing ->
                missing.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : report(task, new Command.RemoveResults(missing)))
        .thenAccept(decision -> {});
  }

  private CompletionStage<Decision> report(Task task, Command command) {
    return tasks
        .join()
        .execute(task.id(), command)
        .whenComplete(
            (decision, failure) -> {
              if (failure != null) {
                LOG.atDebug()
                    .addKeyValue("task", task.id())
                    .log("{} could not be written; a sweep will repeat it", command.label());
              }
            });
  }
}
