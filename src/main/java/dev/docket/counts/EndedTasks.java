package dev.docket.counts;

import dev.docket.task.Backlog;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many tasks have ended, by key and state.
 *
 * @param keys those with the most, {@link Backlog#MAX_KEYS} at most
 * @param others tasks of all other keys
 */
public record EndedTasks(Map<TaskKey, Map<TaskState, Long>> keys, long others) {

  public EndedTasks {
    Map<TaskKey, Map<TaskState, Long>> copy = new LinkedHashMap<>();
    keys.forEach((key, states) -> copy.put(key, Map.copyOf(states)));
    keys = Collections.unmodifiableMap(copy);
  }

  /** With what was counted elsewhere; a key for which there is no place is among the others. */
  public EndedTasks plus(EndedTasks more) {
    Map<TaskKey, Map<TaskState, Long>> sum = new LinkedHashMap<>(keys);
    long rest = others + more.others;
    for (Map.Entry<TaskKey, Map<TaskState, Long>> entry : more.keys.entrySet()) {
      Map<TaskState, Long> known = sum.get(entry.getKey());
      if (known != null) {
        Map<TaskState, Long> both = new EnumMap<>(known);
        entry.getValue().forEach((state, count) -> both.merge(state, count, Long::sum));
        sum.put(entry.getKey(), both);
      } else if (sum.size() < Backlog.MAX_KEYS) {
        sum.put(entry.getKey(), entry.getValue());
      } else {
        rest += sum(entry.getValue());
      }
    }
    return new EndedTasks(sum, rest);
  }

  /** Of all keys. */
  public long total() {
    return others + keys.values().stream().mapToLong(EndedTasks::sum).sum();
  }

  private static long sum(Map<TaskState, Long> states) {
    return states.values().stream().mapToLong(Long::longValue).sum();
  }
}
