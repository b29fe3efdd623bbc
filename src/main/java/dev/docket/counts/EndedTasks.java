package dev.docket.counts;

import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers of ended tasks, by key and state.
 *
 * @param keys the keys with the most tasks, at most {@link Backlog#MAX_KEYS}
 * @param otherKeys number of tasks of all other keys
 */
public record EndedTasks(Map<TaskKey, Map<TaskState, Long>> keys, long otherKeys) {

  public EndedTasks {
    Map<TaskKey, Map<TaskState, Long>> copy = new LinkedHashMap<>();
    keys.forEach((key, states) -> copy.put(key, Map.copyOf(states)));
    keys = Collections.unmodifiableMap(copy);
  }

  /** Adds counts. Beyond {@link Backlog#MAX_KEYS} keys, further ones are added to the others. */
  public EndedTasks plus(EndedTasks added) {
    Map<TaskKey, Map<TaskState, Long>> sum = new LinkedHashMap<>(keys);
    long rest = otherKeys + added.otherKeys;
    for (Map.Entry<TaskKey, Map<TaskState, Long>> entry : added.keys.entrySet()) {
      Map<TaskState, Long> states = sum.get(entry.getKey());
      if (states != null) {
        Map<TaskState, Long> merged = new EnumMap<>(states);
        entry.getValue().forEach((state, count) -> merged.merge(state, count, Long::sum));
        sum.put(entry.getKey(), merged);
      } else if (sum.size() < Backlog.MAX_KEYS) {
        sum.put(entry.getKey(), entry.getValue());
      } else {
        rest += sum(entry.getValue());
      }
    }
    return new EndedTasks(sum, rest);
  }

  /**
   * Adds a number of tasks, which may be negative. Tasks of a key that is not listed count among
   * the others. No number becomes negative.
   */
  EndedTasks plus(TaskKey key, TaskState state, long number) {
    Map<TaskState, Long> states = keys.get(key);
    if (states == null && keys.size() >= Backlog.MAX_KEYS) {
      return new EndedTasks(keys, Math.max(0, otherKeys + number));
    }
    Map<TaskState, Long> changed = new EnumMap<>(TaskState.class);
    changed.putAll(states == null ? Map.of() : states);
    changed.merge(state, number, Long::sum);
    changed.values().removeIf(count -> count <= 0);
    Map<TaskKey, Map<TaskState, Long>> all = new LinkedHashMap<>(keys);
    all.put(key, changed);
    if (changed.isEmpty()) {
      all.remove(key);
    }
    return new EndedTasks(all, otherKeys);
  }

  /** Returns the number of tasks of all keys. */
  public long total() {
    return otherKeys + keys.values().stream().mapToLong(EndedTasks::sum).sum();
  }

  private static long sum(Map<TaskState, Long> states) {
    return states.values().stream().mapToLong(Long::longValue).sum();
  }
}
