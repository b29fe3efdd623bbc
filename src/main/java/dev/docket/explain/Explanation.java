package dev.docket.explain;

import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;

/**
 * Why a task stands where it stands.
 *
 * @param at when that was so
 * @param summary the first finding's sentence
 * @param findings the most telling first, at least one
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
