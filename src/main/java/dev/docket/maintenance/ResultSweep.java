package dev.docket.maintenance;

import dev.docket.result.ListedRuns;
import dev.docket.result.Result;
import dev.docket.result.ResultService;
import dev.docket.task.Task;
import dev.docket.task.TaskStore;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether the stored results are those that their tasks list, deletes the others, and
 * corrects the marks that searches filter by. A server that stores or marks a result checks that
 * afterwards, so this is needed only if a server stops before it does.
 *
 * <p>Goes through all results older than {@link SweepPass#MIN_AGE} once a day. The task is read
 * after the result was found; a run is listed before its results are stored, so a result that no
 * task lists then is never needed again.
 */
public final class ResultSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(ResultSweep.class);

  static final int PAGE_SIZE = 200;

  private final ResultService results;
  private final Clock clock;
  private final SweepPass<Result> pass;

  public ResultSweep(ResultsByAge byAge, ResultService results, TaskStore tasks, Clock clock) {
    this.results = results;
    this.clock = clock;
    this.pass = new SweepPass<>(PAGE_SIZE, byAge::createdBefore, tasks, Result::taskId);
  }

  @Override
  public String name() {
    return "results";
  }

  @Override
  public void run() {
    long corrected = pass.run(clock.instant(), ResultSweep::isCorrect, results::correct);
    if (corrected > 0) {
      LOG.info("Corrected {} results that servers left incorrect when they stopped", corrected);
    }
  }

  private static boolean isCorrect(Result result, @Nullable Task task) {
    return task != null && ListedRuns.isCorrect(task, result);
  }
}
