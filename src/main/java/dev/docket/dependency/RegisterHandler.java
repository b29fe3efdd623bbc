package dev.docket.dependency;

import dev.docket.concurrent.Stages;
import dev.docket.outbox.EffectHandler;
import dev.docket.task.Policies;
import dev.docket.task.Task;
import dev.docket.task.TaskExists;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.TaskMachine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Registers waiting tasks with their dependencies, and notifies them of those that have already
 * ended.
 */
public final class RegisterHandler implements EffectHandler<Effect.Register> {

  private final TaskService tasks;
  private final DependentNotifier notifier;
  private final Policies policies;
  private final Supplier<DecisionContext> contexts;

  public RegisterHandler(
      TaskService tasks,
      DependentNotifier notifier,
      Policies policies,
      Supplier<DecisionContext> contexts) {
    this.tasks = tasks;
    this.notifier = notifier;
    this.policies = policies;
    this.contexts = contexts;
  }

  /**
   * Creates missing dependencies and registers the task with each dependency. If none is named,
   * registers it with every task of the document that has not succeeded: one that has failed can be
   * retried.
   */
  @Override
  public CompletionStage<Void> perform(Task task, Effect.Register effect) {
    if (effect.needed().isEmpty()) {
      return notifier.eachOfDocument(
          task,
          other ->
              other.state() == TaskState.SUCCESS
                  ? CompletableFuture.completedStage(null)
                  : registerWith(task, other.id(), other.key()));
    }
    return Stages.all(
            effect.needed().stream()
                .map(
                    dependency ->
                        createIfMissing(task, dependency)
                            .thenCompose(
                                created -> registerWith(task, dependency.id(), dependency.key())))
                .toList())
        .thenCompose(registered -> new CycleDetector(tasks).endIfInCycle(task.id()));
  }

  private CompletionStage<Void> createIfMissing(Task task, Effect.NeededTask dependency) {
    Map<String, @Nullable Object> args = dependency.args();
    if (args == null) {
      return CompletableFuture.completedStage(null);
    }
    TaskKey key = dependency.key();
    return tasks
        .find(dependency.id())
        .thenCompose(
            found -> {
              if (found.isPresent()) {
                return CompletableFuture.<Void>completedStage(null);
              }
              return tasks
                  .refreshed(task.spec())
                  .thenApply(spec -> spec.forDependency(key, args))
                  .thenCompose(spec -> create(dependency.id(), spec));
            })
        .exceptionallyCompose(
            failure ->
                Stages.cause(failure) instanceof TaskExists
                    ? CompletableFuture.completedStage(null)
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<Void> create(TaskId id, TaskSpec spec) {
    DecisionContext context =
        contexts
            .get()
            .withProtocol(policies.of(spec.key()).protocol())
            .withLimits(policies.limits(spec.key()));
    Task missing = TaskMachine.create(id, spec, List.of(), null, context);
    return tasks.create(missing).thenApply(created -> null);
  }

  /**
   * Registers the task with a dependency. If the dependency has ended or been deleted, notifies the
   * task.
   */
  CompletionStage<Void> registerWith(Task task, TaskId dependency, TaskKey key) {
    return tasks
        .execute(dependency, new Command.AddDependent(task.id()))
        .thenCompose(
            decision -> {
              Task current = decision.task();
              if (decision.refused()) {
                return notifier.notify(task.id(), DependentNotifier.deleted(dependency, key));
              }
              // A task that waits for any success ignores failures.
              boolean matters = !task.waitAny() || !current.state().isFailed();
              return matters && current.state().isFinished()
                  ? notifier.notify(task.id(), DependentNotifier.ended(current))
                  : CompletableFuture.<Void>completedStage(null);
            })
        .exceptionallyCompose(
            failure ->
                Stages.cause(failure) instanceof TaskNotFound
                    ? notifier.notify(task.id(), DependentNotifier.deleted(dependency, key))
                    : CompletableFuture.failedStage(failure));
  }
}
