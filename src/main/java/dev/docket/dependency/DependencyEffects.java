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
 * Enters waiting tasks with those they wait for, and tells them when these have ended. Both may
 * happen twice: who is told something again does not move.
 */
public final class DependencyEffects {

  private static final int PAGE_SIZE = 500;

  private final TaskStore.Sweeps sweeps;
  private final Policies policies;
  private final Supplier<DecisionContext> moments;
  private final Executor blocking;
  private final CompletableFuture<TaskService> desk;

  /**
   * Wires it.
   *
   * @param blocking where searches are waited for
   * @param desk completed once it is made
   */
  public DependencyEffects(
      TaskStore.Sweeps sweeps,
      Policies policies,
      Supplier<DecisionContext> moments,
      Executor blocking,
      CompletableFuture<TaskService> desk) {
    this.sweeps = sweeps;
    this.policies = policies;
    this.moments = moments;
    this.blocking = blocking;
    this.desk = desk;
  }

  /**
   * Makes what is missing, and enters the task with each. None named: with every task of the
   * document that has not ended.
   */
  public CompletionStage<Void> register(Task task, List<Effect.Needed> needed) {
    if (needed.isEmpty()) {
      return eachPage(
          after -> sweeps.ofDocuments(List.of(task.spec().document().id()), after, PAGE_SIZE),
          other ->
              other.id().equals(task.id()) || other.state().isFinished()
                  ? CompletableFuture.completedStage(null)
                  : enter(task, other.id(), other.key()));
    }
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (Effect.Needed need : needed) {
      all.add(
          make(task, need)
              .thenCompose(made -> enter(task, need.id(), need.key()))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenCompose(entered -> new CycleDetector(tasks()).endIfIn(task.id()));
  }

  private CompletionStage<Void> make(Task task, Effect.Needed need) {
    Map<String, @Nullable Object> args = need.args();
    if (args == null) {
      return CompletableFuture.completedStage(null);
    }
    return tasks()
        .find(need.id())
        .thenCompose(
            found -> {
              if (found.isPresent()) {
                return CompletableFuture.<Void>completedStage(null);
              }
              TaskSpec spec =
                  task.spec().forDependency(need.key(), args, policies.of(need.key()).protocol());
              Task made = TaskMachine.create(need.id(), spec, List.of(), null, moments.get());
              return tasks().create(made).<Void>thenApply(created -> null);
            })
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof TaskExists
                    ? CompletableFuture.completedStage(null)
                    : CompletableFuture.failedStage(failure));
  }

  /** Enters the task with a dependency; if that has ended or is gone the task is told so. */
  CompletionStage<Void> enter(Task task, TaskId dependency, TaskKey key) {
    return tasks()
        .execute(dependency, new Command.AddDependent(task.id()))
        .thenCompose(
            decision -> {
              Task there = decision.task();
              if (decision.refused()) {
                return execute(task.id(), gone(dependency, key));
              }
              return there.state().isFinished()
                  ? execute(task.id(), ended(there))
                  : CompletableFuture.<Void>completedStage(null);
            })
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof TaskNotFound
                    ? execute(task.id(), gone(dependency, key))
                    : CompletableFuture.failedStage(failure));
  }

  /** Tells all who wait for the task how it has ended, or that it is gone. */
  public CompletionStage<Void> wake(Task task) {
    Command news = task.deleted() ? gone(task.id(), task.key()) : ended(task);
    if (task.moreDependents()) {
      return eachPage(
              after -> sweeps.waitingFor(task.id(), after, PAGE_SIZE),
              waiting ->
                  knows(waiting, task)
                      ? CompletableFuture.completedStage(null)
                      : execute(waiting.id(), news))
          .thenCompose(told -> wakeTasksWaitingForAny(task, news));
    }
    return CompletableFuture.allOf(
        task.dependents().stream()
            .map(dependent -> execute(dependent, news).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /** Those name nobody, so no search for the name finds them; they are of the same document. */
  private CompletionStage<Void> wakeTasksWaitingForAny(Task task, Command news) {
    if (!(news instanceof Command.DependencyDone)) {
      return CompletableFuture.completedStage(null);
    }
    return eachPage(
        after -> sweeps.ofDocuments(List.of(task.spec().document().id()), after, PAGE_SIZE),
        other ->
            other.waitAny() && !other.deleted()
                ? execute(other.id(), news)
                : CompletableFuture.completedStage(null));
  }

  private static boolean knows(Task waiting, Task ended) {
    for (Dependency dependency : waiting.dependsOn()) {
      if (dependency.id().equals(ended.id())) {
        return !ended.deleted()
            && dependency.attempt() == ended.attempt()
            && dependency.state() == ended.state();
      }
    }
    return false;
  }

  private static Command ended(Task task) {
    return task.state() == TaskState.SUCCESS
        ? new Command.DependencyDone(task.id(), task.key(), task.attempt())
        : new Command.DependencyFailed(task.id(), task.key(), task.attempt(), task.state());
  }

  private static Command gone(TaskId id, TaskKey key) {
    return new Command.DependencyFailed(id, key, Command.GONE, TaskState.NOT_FOUND);
  }

  /** To a waiting task that may be gone by now: then nobody waits any more. */
  private CompletionStage<Void> execute(TaskId waiting, Command news) {
    return tasks()
        .execute(waiting, news)
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
      Function<Task, CompletionStage<Void>> act) {
    return CompletableFuture.runAsync(
        () -> {
          TaskId after = null;
          List<Versioned<Task>> page;
          do {
            page = search.apply(after);
            CompletableFuture.allOf(
                    page.stream()
                        .map(found -> act.apply(found.value()).toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .join();
            after = page.isEmpty() ? null : page.get(page.size() - 1).value().id();
          } while (page.size() == PAGE_SIZE);
        },
        blocking);
  }

  private TaskService tasks() {
    return desk.join();
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
