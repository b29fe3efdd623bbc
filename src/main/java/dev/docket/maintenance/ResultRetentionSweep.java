package dev.docket.maintenance;

import dev.docket.concurrent.Stages;
import dev.docket.result.Result;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the results of earlier runs that exceed their retention period; those of the latest run
 * that left results stay. A run deletes only a few pages and keeps no state, as the {@link
 * RetentionSweep}.
 */
public final class ResultRetentionSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(ResultRetentionSweep.class);

  static final int PAGE_SIZE = 200;

  /** Maximum number of pages in one run. */
  static final int MAX_PAGES = 5;

  private final ResultsByAge results;
  private final TaskService tasks;
  private final Duration age;
  private final Clock clock;
  private @Nullable Result last;

  /**
   * Creates the sweep.
   *
   * @param age the retention period, counted from the creation of a result
   */
  public ResultRetentionSweep(ResultsByAge results, TaskService tasks, Duration age, Clock clock) {
    this.results = results;
    this.tasks = tasks;
    this.age = age;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "result-retention";
  }

  @Override
  public void run() {
    Instant before = clock.instant().minus(age);
    int pages = 1;
    while (trimPage(before) && pages < MAX_PAGES) {
      pages++;
    }
  }

  /** Returns whether there may be more. */
  private boolean trimPage(Instant before) {
    List<Result> page = results.createdBefore(before, last, PAGE_SIZE);
    Map<TaskId, Set<Integer>> attempts =
        page.stream()
            .collect(
                Collectors.groupingBy(
                    Result::taskId, Collectors.mapping(Result::attempt, Collectors.toSet())));
    long trimmed =
        Stages.countTrue(
            attempts.entrySet().stream().map(e -> trim(e.getKey(), e.getValue())).toList());
    // The next page follows even if results of this page are still being deleted.
    last = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1) : null;
    if (trimmed > 0) {
      LOG.info("Deleted results of earlier runs of {} tasks, created before {}", trimmed, before);
    }
    return last != null;
  }

  private CompletionStage<Boolean> trim(TaskId task, Set<Integer> attempts) {
    return Stages.ignore(TaskNotFound.class, tasks.execute(task, new Command.TrimResults(attempts)))
        .thenApply(Decision.Changed.class::isInstance);
  }
}
