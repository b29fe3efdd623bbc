package dev.docket.elastic.record;

import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.TaskId;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the results of tasks that a release without {@code result_runs} has written. Such a task
 * names the results of one run only.
 */
final class FormerResults {

  private FormerResults() {}

  /**
   * The runs that left results. If results are still to be stored, those of the run before have not
   * been deleted yet and are kept.
   *
   * @param results the results that the task named; null if it named none, which is also the case
   *     for a record of this release whose listed results were all deleted
   */
  static List<ResultRun> runs(@Nullable ResultRun results, @Nullable List<PendingEffect> outbox) {
    if (results == null) {
      return List.of();
    }
    List<ResultRun> runs = new ArrayList<>();
    for (PendingEffect pending : OmitEmpty.ifNull(outbox)) {
      if (pending.effect() instanceof Effect.StoreResults store) {
        add(runs, store.before());
        add(runs, store.run());
      }
    }
    add(runs, results);
    return runs;
  }

  private static void add(List<ResultRun> runs, @Nullable ResultRun run) {
    if (run != null && run.count() > 0 && !runs.contains(run)) {
      runs.add(run);
    }
  }

  /** The ids of the results that were saved in the current run. */
  static List<ResultId> saved(TaskId task, String run, int count) {
    return IntStream.range(0, count)
        .mapToObj(ordinal -> ResultId.submitted(task, run, null, ordinal))
        .toList();
  }
}
