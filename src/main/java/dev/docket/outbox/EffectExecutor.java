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
 * Does what moves have left to do, in order, and takes out of the outbox what is done. What cannot
 * be done now stays in the outbox, and so do those behind it: a sweep comes back to them. Never
 * blocks; every effect may be done twice without harm.
 */
public final class EffectExecutor implements Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(EffectExecutor.class);

  private final TaskPublisher protocol;
  private final ResultStore results;
  private final DependencyEffects dependents;
  private final LazyConfirmations confirmations;
  private final Clock clock;
  private final CompletableFuture<TaskService> tasks;

  /**
   * Wires the dispatcher.
   *
   * @param tasks completed once the desk is made, which needs this dispatcher
   */
  public EffectExecutor(
      TaskPublisher protocol,
      ResultStore results,
      DependencyEffects dependents,
      LazyConfirmations confirmations,
      Clock clock,
      CompletableFuture<TaskService> tasks) {
    this.protocol = protocol;
    this.results = results;
    this.dependents = dependents;
    this.confirmations = confirmations;
    this.clock = clock;
    this.tasks = tasks;
  }

  @Override
  public void perform(Task task, List<PendingEffect> effects) {
    List<PendingEffect> kept = new ArrayList<>();
    for (PendingEffect pending : effects) {
      if (pending.effect() instanceof Effect.Publish) {
        publish(task);
      } else {
        kept.add(pending);
      }
    }
    if (!kept.isEmpty()) {
      performInOrder(task, kept);
    }
  }

  private void performInOrder(Task task, List<PendingEffect> effects) {
    Set<String> done = new HashSet<>();
    CompletionStage<Void> chain = CompletableFuture.completedStage(null);
    for (PendingEffect pending : effects) {
      chain =
          chain
              .thenCompose(before -> perform(task, pending.effect()))
              .thenAccept(nothing -> done.add(pending.id()));
    }
    chain
        .handle((nothing, failure) -> failure)
        .thenAccept(
            failure -> {
              if (failure != null) {
                LOG.atWarn()
                    .addKeyValue("task", task.id())
                    .log("An effect could not be done now, a sweep will: {}", failure.toString());
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
        .handle((decision, failure) -> unwanted(stored, decision, failure))
        .thenCompose(late -> delete(task, late))
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                LOG.atWarn()
                    .addKeyValue("task", task.id())
                    .log("Results that came too late could not be deleted: {}", failure.toString());
              }
            });
  }

  /**
   * Whoever deletes the task, or has a later success, deletes results that may be on their way just
   * then: whoever stored them finds that out, since the effect is not in the outbox any more.
   */
  private static List<RunResults> unwanted(
      List<RunResults> stored, @Nullable Decision decision, @Nullable Throwable failure) {
    if (failure != null) {
      boolean gone = failure instanceof TaskNotFound || failure.getCause() instanceof TaskNotFound;
      return gone ? stored : List.of();
    }
    if (!(decision instanceof Decision.Unchanged unchanged)) {
      return List.of();
    }
    Task now = unchanged.task();
    return stored.stream().filter(run -> now.deleted() || !run.equals(now.results())).toList();
  }

  private CompletionStage<Void> perform(Task task, Effect effect) {
    if (effect instanceof Effect.StoreResults store) {
      return store(task, store);
    }
    if (effect instanceof Effect.Register register) {
      return dependents.register(task, register.needed());
    }
    if (effect instanceof Effect.Wake) {
      return dependents.wake(task);
    }
    if (effect instanceof Effect.Revoke) {
      return protocol.revoke(task);
    }
    if (effect instanceof Effect.DeleteResults delete) {
      return delete(task, delete.results());
    }
    throw new IllegalStateException("nothing here can do " + effect);
  }

  private void publish(Task task) {
    protocol
        .publish(task)
        .thenAccept(
            sent -> {
              switch (sent) {
                case CONFIRMED -> confirmations.later(task);
                case UNROUTABLE -> {
                  var unused = report(task, new Command.Unroutable(task.attempt(), task.run()));
                }
                case NOT_NOW -> LOG.debug("Task {} could not be published now", task.id());
              }
            });
  }

  private CompletionStage<Void> store(Task task, Effect.StoreResults store) {
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int i = 0; i < store.drafts().size(); i++) {
      int ordinal = store.firstOrdinal() + i;
      Result result = Result.of(task, store.run(), ordinal, store.drafts().get(i), clock.instant());
      writes.add(
          results.put(result).thenAccept(saved -> mustBeStored(task, saved)).toCompletableFuture());
    }
    CompletableFuture<Void> stored =
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
    RunResults before = store.before();
    return before == null ? stored : stored.thenCompose(done -> delete(task, List.of(before)));
  }

  private static void mustBeStored(Task task, WriteOutcome saved) {
    if (saved instanceof WriteOutcome.Unknown unknown) {
      throw new StoreUnavailable(unknown.why());
    }
    if (saved instanceof WriteOutcome.Unfit unfit) {
      LOG.atError()
          .addKeyValue("task", task.id())
          .log("The store refuses a result of the task for good, it is lost: {}", unfit.why());
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
                    saved -> {
                      if (saved instanceof WriteOutcome.Unknown unknown) {
                        throw new StoreUnavailable(unknown.why());
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
                    .log("{} could not be written, a sweep will see to it", command.label());
              }
            });
  }
}
