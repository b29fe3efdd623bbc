package dev.docket.dependency;

import dev.docket.store.Versioned;
import dev.docket.task.Dependency;
import dev.docket.task.Policies;
import dev.docket.task.Task;
import dev.docket.task.TaskExists;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.TaskMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Registers waiting tasks with their dependencies, and notifies them when a dependency has ended.
 * Both are idempotent: a repeated notification changes nothing.
 */
public final class DependencyEffects {

  private static final int PAGE_SIZE = 500;

  private final TaskStore.Sweeps sweeps;
  private final Policies policies;
  private final Supplier<DecisionContext> contexts;
  private final Executor blocking;
  private final CompletableFuture<TaskService> taskService;

  /**
   * Creates the effects.
   *
   * @param blocking executor for blocking searches
   * @param taskService completed when the service has been created
   */
  public DependencyEffects(
      TaskStore.Sweeps sweeps,
      Policies policies,
      Supplier<DecisionContext> contexts,
      Executor blocking,
      CompletableFuture<TaskService> taskService) {
    this.sweeps = sweeps;
    this.policies = policies;
    this.contexts = contexts;
    this.blocking = blocking;
    this.taskService = taskService;
  }

  /**
   * Creates missing dependencies and registers the task with each dependency. If none is named,
   * registers it with every task of the document that has not succeeded: one that has failed can be
   * retried.
   */
  public CompletionStage<Void> register(Task task, List<Effect.NeededTask> needed) {
    if (needed.isEmpty()) {
      return eachPage(
          after -> sweeps.ofDocuments(List.of(task.spec().document().id()), after, PAGE_SIZE),
          other ->
              other.id().equals(task.id()) || other.state() == TaskState.SUCCESS
                  ? CompletableFuture.completedStage(null)
                  : registerWith(task, other.id(), other.key()));
    }
    List<CompletableFuture<Void>> registrations = new ArrayList<>();
    for (Effect.NeededTask dependency : needed) {
      registrations.add(
          createIfMissing(task, dependency)
              .thenCompose(created -> registerWith(task, dependency.id(), dependency.key()))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(registrations.toArray(CompletableFuture[]::new))
        .thenCompose(registered -> new CycleDetector(tasks()).endIfInCycle(task.id()));
  }

  private CompletionStage<Void> createIfMissing(Task task, Effect.NeededTask dependency) {
    Map<String, @Nullable Object> args = dependency.args();
    if (args == null) {
      return CompletableFuture.completedStage(null);
    }
    TaskKey key = dependency.key();
    return tasks()
        .find(dependency.id())
        .thenCompose(
            found -> {
              if (found.isPresent()) {
                return CompletableFuture.<Void>completedStage(null);
              }
              return tasks()
                  .refreshed(task.spec())
                  .thenApply(spec -> spec.forDependency(key, args, policies.of(key).protocol()))
                  .thenCompose(spec -> create(dependency.id(), spec));
            })
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof TaskExists
                    ? CompletableFuture.completedStage(null)
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<Void> create(TaskId id, TaskSpec spec) {
    Task missing = TaskMachine.create(id, spec, List.of(), null, contexts.get());
    return tasks().create(missing).thenApply(created -> null);
  }

  /**
   * Registers the task with a dependency. If the dependency has ended or been deleted, notifies the
   * task.
   */
  CompletionStage<Void> registerWith(Task task, TaskId dependency, TaskKey key) {
    return tasks()
        .execute(dependency, new Command.AddDependent(task.id()))
        .thenCompose(
            decision -> {
              Task current = decision.task();
              if (decision.refused()) {
                return notifyTask(task.id(), deleted(dependency, key));
              }
              // A task that waits for any success ignores failures.
              boolean matters = !task.waitAny() || !current.state().isFailed();
              return matters && current.state().isFinished()
                  ? notifyTask(task.id(), ended(current))
                  : CompletableFuture.<Void>completedStage(null);
            })
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof TaskNotFound
                    ? notifyTask(task.id(), deleted(dependency, key))
                    : CompletableFuture.failedStage(failure));
  }

  /** Notifies all dependents that the task has ended or been deleted. */
  public CompletionStage<Void> wake(Task task) {
    Command notification = task.deleted() ? deleted(task.id(), task.key()) : ended(task);
    if (task.moreDependents()) {
      return eachPage(
              after -> sweeps.waitingFor(task.id(), after, PAGE_SIZE),
              waiting ->
                  isNotified(waiting, task)
                      ? CompletableFuture.completedStage(null)
                      : notifyTask(waiting.id(), notification))
          .thenCompose(notified -> wakeTasksWaitingForAny(task, notification));
    }
    return CompletableFuture.allOf(
        task.dependents().stream()
            .map(dependent -> notifyTask(dependent, notification).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /**
   * Tasks that wait for any success name no dependency, so a search by dependency does not find
   * them. They belong to the same document.
   */
  private CompletionStage<Void> wakeTasksWaitingForAny(Task task, Command notification) {
    if (!(notification instanceof Command.DependencyDone)) {
      return CompletableFuture.completedStage(null);
    }
    return eachPage(
        after -> sweeps.ofDocuments(List.of(task.spec().document().id()), after, PAGE_SIZE),
        other ->
            other.waitAny() && !other.deleted()
                ? notifyTask(other.id(), notification)
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

  private static Command ended(Task task) {
    return task.state() == TaskState.SUCCESS
        ? new Command.DependencyDone(task.id(), task.key(), task.run().attempt())
        : new Command.DependencyFailed(task.id(), task.key(), task.run().attempt(), task.state());
  }

  private static Command deleted(TaskId id, TaskKey key) {
    return new Command.DependencyFailed(id, key, Command.GONE_ATTEMPT, TaskState.NOT_FOUND);
  }

  /** Notifies a waiting task. Does nothing if that task has been deleted. */
  private CompletionStage<Void> notifyTask(TaskId waiting, Command notification) {
    return tasks()
        .execute(waiting, notification)
        .<@Nullable Decision>thenApply(decision -> decision)
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof TaskNotFound
                    ? CompletableFuture.completedStage(null)
                    : CompletableFuture.failedStage(failure))
        .thenApply(decision -> null);
  }

  private CompletionStage<Void> eachPage(
      Function<@Nullable TaskId, List<Versioned<Task>>> search,
      Function<Task, CompletionStage<Void>> action) {
    return CompletableFuture.runAsync(
        () -> {
          TaskId after = null;
          List<Versioned<Task>> page;
          do {
            page = search.apply(after);
            CompletableFuture.allOf(
                    page.stream()
                        .map(found -> action.apply(found.value()).toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .join();
            after = page.isEmpty() ? null : page.get(page.size() - 1).value().id();
          } while (page.size() == PAGE_SIZE);
        },
        blocking);
  }

  private TaskService tasks() {
    return taskService.join();
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
