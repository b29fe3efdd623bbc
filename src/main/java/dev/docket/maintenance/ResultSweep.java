package dev.docket.maintenance;

import dev.docket.concurrent.Stages;
import dev.docket.result.ListedRuns;
import dev.docket.result.Result;
import dev.docket.result.ResultService;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether the stored results are those that their tasks list, deletes the others, and
 * corrects the marks that searches filter by. A server that stores or marks a result checks that
 * afterwards, so this is needed only if a server stops before it does.
 *
 * <p>Goes through all results older than {@link #MIN_AGE} once a day. The task is read after the
 * result was found; a run is listed before its results are stored, so a result that no task lists
 * then is never needed again.
 */
public final class ResultSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(ResultSweep.class);

  /** Age from which a result is checked: no write lasts that long. */
  static final Duration MIN_AGE = Duration.ofDays(1);

  static final int PAGE_SIZE = 200;

  /** Maximum number of pages in one run. */
  static final int MAX_PAGES = 20;

  private final ResultsByAge byAge;
  private final ResultService results;
  private final TaskStore tasks;
  private final Clock clock;
  private final SweepPass<Result> pass = new SweepPass<>(PAGE_SIZE, MAX_PAGES);

  public ResultSweep(ResultsByAge byAge, ResultService results, TaskStore tasks, Clock clock) {
    this.byAge = byAge;
    this.results = results;
    this.tasks = tasks;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "results";
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    pass.run(now, last -> check(now.minus(MIN_AGE), last));
  }

  private List<Result> check(Instant before, @Nullable Result last) {
    List<Result> page = byAge.createdBefore(before, last, PAGE_SIZE);
    Map<TaskId, Versioned<Task>> found =
        page.isEmpty()
            ? Map.of()
            : Stages.join(
                tasks.find(page.stream().map(Result::taskId).collect(Collectors.toSet())));
    List<CompletionStage<Void>> corrections =
        page.stream()
            .filter(result -> !isCorrect(result, found.get(result.taskId())))
            .map(results::correct)
            .toList();
    Stages.all(corrections).join();
    if (!corrections.isEmpty()) {
      LOG.info(
          "Corrected {} results that servers left incorrect when they stopped", corrections.size());
    }
    return page;
  }

  private static boolean isCorrect(Result result, @Nullable Versioned<Task> owner) {
    return owner != null && ListedRuns.isCorrect(owner.value(), result);
  }
}
