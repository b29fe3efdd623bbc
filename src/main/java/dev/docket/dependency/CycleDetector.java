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
 * Looks, after a task has been entered with those it waits for, whether they wait for it: two
 * submissions, or two workers that each ask for the other's task, can close a circle that neither
 * saw. Whoever is entered last sees it, and ends its own task.
 */
final class CycleDetector {

  /** How many waiting tasks are followed. */
  private static final int MAX_TASKS = 10_000;

  private final TaskService tasks;

  CycleDetector(TaskService tasks) {
    this.tasks = tasks;
  }

  /** Ends the task if it waits for itself. */
  CompletionStage<Void> endIfIn(TaskId id) {
    Deque<TaskId> open = new ArrayDeque<>(List.of(id));
    return follow(id, open, new HashMap<>());
  }

  /**
   * Looks at one after the other.
   *
   * @param by for each task that was seen the one that waits for it
   */
  private CompletionStage<Void> follow(TaskId id, Deque<TaskId> open, Map<TaskId, TaskId> by) {
    TaskId next = open.poll();
    if (next == null || by.size() > MAX_TASKS) {
      return CompletableFuture.completedStage(null);
    }
    return tasks
        .find(next)
        .thenCompose(
            found -> {
              for (TaskId needed : waitedFor(found)) {
                if (needed.equals(id)) {
                  return end(id, path(id, next, by));
                }
                if (by.putIfAbsent(needed, next) == null) {
                  open.add(needed);
                }
              }
              return follow(id, open, by);
            });
  }

  private static List<TaskId> waitedFor(Optional<Task> found) {
    return found.filter(task -> task.state() == TaskState.UNFINISHED_DEPENDENCY).stream()
        .flatMap(task -> task.dependsOn().stream())
        .filter(dependency -> dependency.state() == null)
        .map(Dependency::id)
        .toList();
  }

  private static List<TaskId> path(TaskId id, TaskId last, Map<TaskId, TaskId> by) {
    List<TaskId> path = new ArrayList<>();
    for (TaskId at = last; at != null && !at.equals(id); at = by.get(at)) {
      path.add(0, at);
    }
    return path;
  }

  private CompletionStage<Void> end(TaskId id, List<TaskId> path) {
    StringBuilder words = new StringBuilder(id.value());
    path.forEach(step -> words.append(" needs ").append(step));
    words.append(" needs ").append(id);
    TaskId through = path.isEmpty() ? id : path.get(0);
    return tasks
        .execute(id, new Command.InCycle(through, words.toString()))
        .thenApply(decision -> null);
  }
}
