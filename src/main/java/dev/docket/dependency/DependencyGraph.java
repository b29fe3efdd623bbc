package dev.docket.dependency;

import dev.docket.task.TaskId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Dependencies between waiting tasks, collected to find cycles without further reads. */
final class DependencyGraph {

  /** Takes some ten megabytes. Further edges are ignored until the next pass over all tasks. */
  private static final int MAX_EDGES = 100_000;

  private static final int MAX_SUSPECTS = 100;

  private final Map<TaskId, Set<TaskId>> dependencies = new HashMap<>();
  private int edges;

  /** Adds the edge from a waiting task to a dependency that is waiting too. */
  void add(TaskId task, TaskId dependency) {
    if (edges < MAX_EDGES
        && dependencies.computeIfAbsent(task, id -> new HashSet<>()).add(dependency)) {
      edges++;
    }
  }

  /**
   * Returns up to 100 tasks that are in a cycle, or depend on one directly or indirectly. Clears
   * the graph.
   */
  List<TaskId> drainSuspects() {
    Map<TaskId, List<TaskId>> dependents = new HashMap<>();
    Map<TaskId, Integer> openDependencies = new HashMap<>();
    dependencies.forEach(
        (task, all) -> {
          for (TaskId dependency : all) {
            if (dependencies.containsKey(dependency)) {
              dependents.computeIfAbsent(dependency, id -> new ArrayList<>()).add(task);
              openDependencies.merge(task, 1, Integer::sum);
            }
          }
        });
    Deque<TaskId> resolved = new ArrayDeque<>();
    dependencies.keySet().stream()
        .filter(task -> !openDependencies.containsKey(task))
        .forEach(resolved::add);
    while (!resolved.isEmpty()) {
      for (TaskId task : dependents.getOrDefault(resolved.remove(), List.of())) {
        if (openDependencies.merge(task, -1, Integer::sum) == 0) {
          openDependencies.remove(task);
          resolved.add(task);
        }
      }
    }
    dependencies.clear();
    edges = 0;
    return openDependencies.keySet().stream().sorted().limit(MAX_SUSPECTS).toList();
  }
}
