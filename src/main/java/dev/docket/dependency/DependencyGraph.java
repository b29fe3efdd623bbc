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

/** Who waits for whom, as far as was seen: finds circles without reading anything again. */
final class DependencyGraph {

  /** Some ten megabytes; what comes after is looked at in another round. */
  private static final int MAX_TASKS = 100_000;

  private static final int MAX_SUSPECTS = 100;

  private final Map<TaskId, Set<TaskId>> needs = new HashMap<>();
  private int size;

  /** A task waits for another that itself waits. */
  void add(TaskId task, TaskId needed) {
    if (size < MAX_TASKS && needs.computeIfAbsent(task, id -> new HashSet<>()).add(needed)) {
      size++;
    }
  }

  /**
   * Those that wait, directly or not, for a circle, or are in it; some of them. Then it is empty.
   */
  List<TaskId> takeSuspects() {
    Map<TaskId, List<TaskId>> neededBy = new HashMap<>();
    Map<TaskId, Integer> open = new HashMap<>();
    needs.forEach(
        (task, all) -> {
          for (TaskId needed : all) {
            if (needs.containsKey(needed)) {
              neededBy.computeIfAbsent(needed, id -> new ArrayList<>()).add(task);
              open.merge(task, 1, Integer::sum);
            }
          }
        });
    Deque<TaskId> free = new ArrayDeque<>();
    needs.keySet().stream().filter(task -> !open.containsKey(task)).forEach(free::add);
    while (!free.isEmpty()) {
      for (TaskId task : neededBy.getOrDefault(free.remove(), List.of())) {
        if (open.merge(task, -1, Integer::sum) == 0) {
          open.remove(task);
          free.add(task);
        }
      }
    }
    needs.clear();
    size = 0;
    return open.keySet().stream().sorted().limit(MAX_SUSPECTS).toList();
  }
}
