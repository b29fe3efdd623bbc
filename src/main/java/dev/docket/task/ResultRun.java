package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The results of one run: first those with an id of their own, then those that were submitted with
 * the end of the run, numbered from 0.
 *
 * @param attempt the attempt number of the run
 * @param run the token of the run
 * @param submission identifies the submission that ended the run: the claim id, or for workers
 *     without claims a digest of their reply; null if no result was submitted, and for runs of
 *     releases before submissions were identified
 * @param count the number of results
 * @param ids the ids of the results that were saved before the end of the run, in that order
 */
public record ResultRun(
    int attempt,
    String run,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String submission,
    int count,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ResultId> ids) {

  public ResultRun {
    // Absent in records without saved results.
    ids = ids == null ? List.of() : List.copyOf(ids);
  }

  /** Results of a run that were saved before its end. */
  public static ResultRun saved(int attempt, String run, List<ResultId> ids) {
    return new ResultRun(attempt, run, null, ids.size(), ids);
  }

  /** The ids of all results, in order. */
  public List<ResultId> resultIds(TaskId task) {
    List<ResultId> all = new ArrayList<>(ids);
    for (int ordinal = 0; all.size() < count; ordinal++) {
      all.add(ResultId.submitted(task, run, submission, ordinal));
    }
    return all;
  }

  /** Whether these are results of the same submission of the same run. */
  public boolean isSameSubmission(ResultRun other) {
    return run.equals(other.run) && Objects.equals(submission, other.submission);
  }

  /**
   * Those of these results that the task does not list, all of them if it is being deleted; null if
   * it lists all. Results that were submitted with the end of the run are listed with their run.
   */
  public @Nullable ResultRun unlistedIn(Task task) {
    ResultRun listed =
        task.deleted()
            ? null
            : task.resultRuns().stream().filter(this::isSameSubmission).findFirst().orElse(null);
    if (listed == null) {
      return this;
    }
    List<ResultId> unlisted = ids.stream().filter(id -> !listed.ids.contains(id)).toList();
    return unlisted.isEmpty() ? null : saved(attempt, run, unlisted);
  }

  /** Those of these results that were saved before the end of the run. */
  public ResultRun onlySaved(List<ResultId> some) {
    return saved(attempt, run, ids.stream().filter(some::contains).toList());
  }

  /** A copy without these results, of those that were saved before the end of the run. */
  public ResultRun without(List<ResultId> removed) {
    List<ResultId> kept = ids.stream().filter(id -> !removed.contains(id)).toList();
    return new ResultRun(attempt, run, submission, count - (ids.size() - kept.size()), kept);
  }
}
