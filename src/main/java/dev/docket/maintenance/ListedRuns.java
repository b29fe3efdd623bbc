package dev.docket.maintenance;

import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import java.util.Optional;

/** Finds out which successful run of a task a result belongs to. */
final class ListedRuns {

  private ListedRuns() {}

  /**
   * Returns the run that lists the result, so that readers see it; empty if none does.
   *
   * @param run the token of the run that created the result
   */
  static Optional<ResultRun> find(Task task, String run, ResultId result) {
    if (task.deleted()) {
      return Optional.empty();
    }
    return task.resultRuns().stream()
        .filter(listed -> listed.run().equals(run))
        .filter(listed -> listed.resultIds(task.id()).contains(result))
        .findFirst();
  }
}
