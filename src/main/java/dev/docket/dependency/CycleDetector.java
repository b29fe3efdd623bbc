package dev.docket.dependency;

import dev.docket.task.Dependency;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Detects dependency cycles after a task has been registered with its dependencies. Two concurrent
 * submissions, or two workers that each request the other's task, can create a cycle that neither
 * of them saw. The task that is registered last detects it, and ends itself with 424.
 */
final class CycleDetector {

  /** Maximum number of waiting tasks that a search visits. */
  private static final int MAX_TASKS = 10_000;

  private final TaskService tasks;

  CycleDetector(TaskService tasks) {
    this.tasks = tasks;
  }

  /** Ends the task if it depends on itself. */
  CompletionStage<Void> endIfInCycle(TaskId id) {
    Deque<TaskId> queue = new ArrayDeque<>(List.of(id));
    return search(id, queue, new HashMap<>());
  }

  /**
   * Visits the tasks one after the other.
   *
   * @param predecessors for each visited task, the one that waits for it
   */
  private CompletionStage<Void> search(
      TaskId id, Deque<TaskId> queue, Map<TaskId, TaskId> predecessors) {
    TaskId next = queue.poll();
    if (next == null || predecessors.size() > MAX_TASKS) {
      return CompletableFuture.completedStage(null);
    }
    return tasks
        .find(next)
        .thenCompose(
            found -> {
              for (TaskId dependency : openDependencies(found)) {
                if (dependency.equals(id)) {
                  return end(id, path(id, next, predecessors));
                }
                if (predecessors.putIfAbsent(dependency, next) == null) {
                  queue.add(dependency);
                }
              }
              return search(id, queue, predecessors);
            });
  }

  private static List<TaskId> openDependencies(Optional<Task> found) {
    return found.filter(task -> task.state() == TaskState.UNFINISHED_DEPENDENCY).stream()
        .flatMap(task -> task.dependsOn().stream())
        .filter(dependency -> dependency.state() == null)
        .map(Dependency::id)
        .toList();
  }

  private static List<TaskId> path(TaskId id, TaskId last, Map<TaskId, TaskId> predecessors) {
    List<TaskId> path = new ArrayList<>();
    for (TaskId at = last; at != null && !at.equals(id); at = predecessors.get(at)) {
      path.add(0, at);
    }
    return path;
  }

  private CompletionStage<Void> end(TaskId id, List<TaskId> path) {
    StringBuilder description = new StringBuilder(id.value());
    path.forEach(step -> description.append(" needs ").append(step));
    description.append(" needs ").append(id);
    TaskId through = path.isEmpty() ? id : path.get(0);
    return tasks
        .execute(id, new Command.InCycle(through, description.toString()))
        .thenApply(decision -> null);
  }
}
