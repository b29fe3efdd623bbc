package dev.docket.explain;

import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;

/**
 * Explanation of a task's state.
 *
 * @param at time to which the explanation applies
 * @param summary text of the first finding
 * @param findings at least one finding, the most important first
 */
public record Explanation(
    TaskId id,
    TaskKey key,
    int state,
    String stateName,
    Instant at,
    String summary,
    List<Finding> findings) {

  public Explanation {
    findings = List.copyOf(findings);
  }
}
