package dev.docket.dependency;

import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.TasksOfDocuments;
import dev.docket.task.machine.Command;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells waiting tasks how a dependency has ended. A repeated notification changes nothing. */
public final class DependentNotifier {

  private static final int PAGE_SIZE = 500;

  private final WaitingTasks waitingTasks;
  private final TasksOfDocuments tasksOfDocuments;
  private final TaskService tasks;
  private final Executor blocking;

  /**
   * Creates the notifier.
   *
   * @param blocking executor for blocking searches
   */
  public DependentNotifier(
      WaitingTasks waitingTasks,
      TasksOfDocuments tasksOfDocuments,
      TaskService tasks,
      Executor blocking) {
    this.waitingTasks = waitingTasks;
    this.tasksOfDocuments = tasksOfDocuments;
    this.tasks = tasks;
    this.blocking = blocking;
  }

  static Command ended(Task task) {
    return task.state() == TaskState.SUCCESS
        ? new Command.DependencyDone(task.id(), task.key(), task.run().attempt())
        : new Command.DependencyFailed(task.id(), task.key(), task.run().attempt(), task.state());
  }

  static Command deleted(TaskId id, TaskKey key) {
    return new Command.DependencyFailed(id, key, Command.GONE_ATTEMPT, TaskState.NOT_FOUND);
  }

  /** Notifies a waiting task. Does nothing if that task has been deleted. */
  CompletionStage<Void> notify(TaskId waiting, Command notification) {
    return tasks
        .execute(waiting, notification)
        .<Void>thenApply(decision -> null)
        .exceptionallyCompose(
            failure ->
                Stages.cause(failure) instanceof TaskNotFound
                    ? CompletableFuture.completedStage(null)
                    : CompletableFuture.failedStage(failure));
  }

  /** Handles each task that waits for this one. */
  CompletionStage<Void> eachWaitingFor(Task task, Function<Task, CompletionStage<Void>> action) {
    return eachPage(after -> waitingTasks.waitingFor(task.id(), after, PAGE_SIZE), action);
  }

  /** Handles each other task of the task's document. */
  CompletionStage<Void> eachOfDocument(Task task, Function<Task, CompletionStage<Void>> action) {
    return eachPage(
        after ->
            tasksOfDocuments.ofDocuments(List.of(task.spec().document().id()), after, PAGE_SIZE),
        other ->
            other.id().equals(task.id())
                ? CompletableFuture.completedStage(null)
                : action.apply(other));
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
            Stages.all(page.stream().map(found -> action.apply(found.value())).toList()).join();
            after = page.isEmpty() ? null : page.get(page.size() - 1).value().id();
          } while (page.size() == PAGE_SIZE);
        },
        blocking);
  }
}
