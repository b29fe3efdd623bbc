package dev.docket.outbox;

import dev.docket.broker.TaskPublisher;
import dev.docket.dependency.DependencyEffects;
import dev.docket.result.Result;
import dev.docket.result.ResultId;
import dev.docket.result.ResultStore;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Outbox;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.time.Clock;
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
  private final ResultStore results;
  private final DependencyEffects dependencyEffects;
  private final LazyConfirmations confirmations;
  private final Clock clock;
  private final CompletableFuture<TaskService> tasks;

  /**
   * Creates the executor.
   *
   * @param tasks completed when the task service has been created, which needs this executor
   */
  public EffectExecutor(
      TaskPublisher publisher,
      ResultStore results,
      DependencyEffects dependencyEffects,
      LazyConfirmations confirmations,
      Clock clock,
      CompletableFuture<TaskService> tasks) {
    this.publisher = publisher;
    this.results = results;
    this.dependencyEffects = dependencyEffects;
    this.confirmations = confirmations;
    this.clock = clock;
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
    List<RunResults> stored =
        effects.stream()
            .filter(p -> done.contains(p.id()) && p.effect() instanceof Effect.StoreResults)
            .map(p -> ((Effect.StoreResults) p.effect()).run())
            .toList();
    report(task, new Command.EffectsDone(done))
        .handle((decision, failure) -> obsolete(stored, decision, failure))
        .thenCompose(runs -> delete(task, runs))
        .whenComplete(
            (deleted, failure) -> {
              if (failure != null) {
                LOG.atWarn()
                    .addKeyValue("task", task.id())
                    .log(
                        "Obsolete results could not be deleted and remain in the store: {}",
                        failure.toString());
              }
            });
  }

  /**
   * Returns the stored results that are obsolete already. A deletion of the task, or a later
   * success, deletes the results of this run, possibly before they are stored here. This server
   * notices that because the effect is no longer in the outbox.
   */
  private static List<RunResults> obsolete(
      List<RunResults> stored, @Nullable Decision decision, @Nullable Throwable failure) {
    if (failure != null) {
      boolean deleted =
          failure instanceof TaskNotFound || failure.getCause() instanceof TaskNotFound;
      return deleted ? stored : List.of();
    }
    if (!(decision instanceof Decision.Unchanged unchanged)) {
      return List.of();
    }
    Task current = unchanged.task();
    return stored.stream()
        .filter(run -> current.deleted() || !run.equals(current.results()))
        .toList();
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
    if (effect instanceof Effect.Revoke) {
      return publisher.revoke(task);
    }
    if (effect instanceof Effect.DeleteResults delete) {
      return delete(task, delete.results());
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
                  var unused = report(task, new Command.Unroutable(task.attempt(), task.run()));
                }
                case NOT_NOW ->
                    LOG.debug(
                        "Task {} could not be published; the overdue sweep will retry", task.id());
              }
            });
  }

  private CompletionStage<Void> store(Task task, Effect.StoreResults store) {
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int i = 0; i < store.drafts().size(); i++) {
      int ordinal = store.firstOrdinal() + i;
      Result result = Result.of(task, store.run(), ordinal, store.drafts().get(i), clock.instant());
      writes.add(
          results
              .put(result)
              .thenAccept(outcome -> requireStored(task, outcome))
              .toCompletableFuture());
    }
    CompletableFuture<Void> stored =
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
    RunResults previous = store.before();
    return previous == null ? stored : stored.thenCompose(done -> delete(task, List.of(previous)));
  }

  private static void requireStored(Task task, WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Unknown unknown) {
      throw new StoreUnavailable(unknown.reason());
    }
    if (outcome instanceof WriteOutcome.Rejected rejected) {
      LOG.atError()
          .addKeyValue("task", task.id())
          .log(
              "The store permanently rejected a result of the task, which is lost: {}",
              rejected.reason());
    }
  }

  private CompletionStage<Void> delete(Task task, List<RunResults> runs) {
    List<CompletableFuture<Void>> removals = new ArrayList<>();
    for (RunResults run : runs) {
      for (int i = 0; i < run.count(); i++) {
        removals.add(
            results
                .remove(ResultId.of(task.id(), run, i))
                .thenAccept(
                    outcome -> {
                      if (outcome instanceof WriteOutcome.Unknown unknown) {
                        throw new StoreUnavailable(unknown.reason());
                      }
                    })
                .toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(removals.toArray(CompletableFuture[]::new));
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
