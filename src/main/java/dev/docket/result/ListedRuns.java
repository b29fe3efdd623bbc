package dev.docket.result;

import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import java.util.Optional;

/** Finds out which run of a task a result belongs to. */
public final class ListedRuns {

  private ListedRuns() {}

  /**
   * Returns the successful run that lists the result, so that readers see it; empty if none does.
   *
   * @param run the token of the run that created the result
   */
  public static Optional<ResultRun> find(Task task, String run, ResultId result) {
    if (task.deleted()) {
      return Optional.empty();
    }
    return task.resultRuns().stream()
        .filter(listed -> listed.run().equals(run))
        .filter(listed -> listed.resultIds(task.id()).contains(result))
        .findFirst();
  }

  /** Whether a successful run lists the result. */
  public static boolean isListed(Task task, Result result) {
    return find(task, result.run(), result.id()).isPresent();
  }

  /** Whether the result was saved in the current run, which may still succeed. */
  public static boolean isPending(Task task, Result result) {
    return !task.deleted()
        && task.isCurrentRun(new RunRef(result.attempt(), result.run()))
        && task.run().saved().contains(result.id());
  }

  /** Whether the result is what its task requires: still needed, and marked correctly. */
  public static boolean isCorrect(Task task, Result result) {
    Optional<ResultRun> listed = find(task, result.run(), result.id());
    return listed.isPresent()
        ? result.visible() && result.latest() == listed.orElseThrow().equals(task.latestResults())
        : isPending(task, result) && !result.visible();
  }
}
