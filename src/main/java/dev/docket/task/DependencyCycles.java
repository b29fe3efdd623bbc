package dev.docket.task;

import dev.docket.auth.OwnerFilter;
import dev.docket.http.InvalidRequest;
import dev.docket.task.machine.Effect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Finds out whether a new task would depend on itself, by following its dependencies. */
final class DependencyCycles {

  /** The maximum number of direct and indirect dependencies that a search reads. */
  private static final int MAX_TASKS = 10_000;

  private static final int PAGE_SIZE = 500;

  private final TaskStore store;

  DependencyCycles(TaskStore store) {
    this.store = store;
  }

  /** Reads tasks, also those that are being deleted. */
  CompletionStage<Map<TaskId, Task>> find(Collection<TaskId> ids) {
    if (ids.isEmpty()) {
      return CompletableFuture.completedStage(Map.of());
    }
    return store
        .find(ids)
        .thenApply(
            found ->
                found.values().stream()
                    .map(versioned -> versioned.value())
                    .collect(Collectors.toMap(Task::id, task -> task)));
  }

  /**
   * Fails with {@link InvalidRequest} if the task would depend on itself.
   *
   * @param owners whose tasks the message may name; it names the cycle only if these are all
   */
  CompletionStage<Void> reject(TaskId id, List<Effect.NeededTask> needed, OwnerFilter owners) {
    Map<TaskId, TaskId> neededBy = new LinkedHashMap<>();
    needed.forEach(need -> neededBy.put(need.id(), id));
    return new Search(id, neededBy, owners.includesAll()).next();
  }

  /** A search that reads the dependencies page by page, breadth first. */
  private final class Search {

    private final TaskId id;
    private final boolean namesTasks;
    private final Deque<TaskId> queue;
    private final Set<TaskId> seen = new HashSet<>();

    /** For each task that was reached, the task through which it was reached first. */
    private final Map<TaskId, TaskId> neededBy;

    private Search(TaskId id, Map<TaskId, TaskId> neededBy, boolean namesTasks) {
      this.id = id;
      this.neededBy = neededBy;
      this.namesTasks = namesTasks;
      this.queue = new ArrayDeque<>(neededBy.keySet());
    }

    private CompletionStage<Void> next() {
      List<TaskId> page = new ArrayList<>();
      while (!queue.isEmpty() && page.size() < PAGE_SIZE) {
        TaskId next = queue.remove();
        if (next.equals(id)) {
          throw InvalidRequest.field(
              "/depends_on", namesTasks ? "dependency cycle: " + cycle() : "dependency cycle");
        }
        if (seen.add(next)) {
          page.add(next);
        }
      }
      if (page.isEmpty()) {
        return CompletableFuture.completedStage(null);
      }
      if (seen.size() > MAX_TASKS) {
        throw InvalidRequest.field(
            "/depends_on",
            "the task depends on more than " + MAX_TASKS + " tasks, directly or indirectly");
      }
      return find(page)
          .thenCompose(
              found -> {
                found.values().forEach(this::follow);
                return next();
              });
    }

    private void follow(Task task) {
      if (!task.state().isFinished()) {
        for (Dependency dependency : task.dependsOn()) {
          neededBy.putIfAbsent(dependency.id(), task.id());
          queue.add(dependency.id());
        }
      }
    }

    /**
     * Returns the tasks of the cycle in the order of their dependencies, from the task to itself.
     */
    private String cycle() {
      Deque<String> path = new ArrayDeque<>();
      path.push(id.toString());
      for (TaskId at = neededBy.get(id); at != null && !at.equals(id); at = neededBy.get(at)) {
        path.push(at.toString());
      }
      path.push(id.toString());
      return String.join(" -> ", path);
    }
  }
}
