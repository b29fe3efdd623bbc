package dev.docket.maintenance;

import dev.docket.result.Result;
import dev.docket.result.ResultService;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes saved results whose run was closed while they were being saved, if the server that saved
 * them stopped before it noticed. No reader sees them, and no task lists them. A run deletes only a
 * few pages, as the {@link RetentionSweep}.
 */
public final class HiddenResultSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(HiddenResultSweep.class);

  /** Age from which a hidden result is deleted: no save lasts that long. */
  static final Duration MIN_AGE = Duration.ofDays(1);

  static final int PAGE_SIZE = 200;

  /** Maximum number of pages in one run. */
  static final int MAX_PAGES = 5;

  private final HiddenResults hidden;
  private final ResultService results;
  private final TaskStore tasks;
  private final Clock clock;
  private @Nullable Result last;

  public HiddenResultSweep(
      HiddenResults hidden, ResultService results, TaskStore tasks, Clock clock) {
    this.hidden = hidden;
    this.results = results;
    this.tasks = tasks;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "hidden-results";
  }

  @Override
  public void run() {
    int pages = 1;
    while (checkPage() && pages < MAX_PAGES) {
      pages++;
    }
  }

  /** Returns whether there may be more. */
  private boolean checkPage() {
    List<Result> page = hidden.createdBefore(clock.instant().minus(MIN_AGE), last, PAGE_SIZE);
    Map<TaskId, Versioned<Task>> found =
        page.isEmpty()
            ? Map.of()
            : tasks
                .find(page.stream().map(Result::taskId).collect(Collectors.toSet()))
                .toCompletableFuture()
                .join();
    List<CompletableFuture<Void>> removals =
        page.stream()
            .filter(result -> !isNeeded(result, found.get(result.taskId())))
            .map(result -> results.remove(result).toCompletableFuture())
            .toList();
    CompletableFuture.allOf(removals.toArray(CompletableFuture[]::new)).join();
    last = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1) : null;
    if (!removals.isEmpty()) {
      LOG.info("Deleted {} saved results whose run was closed during the save", removals.size());
    }
    return last != null;
  }

  private static boolean isNeeded(Result result, @Nullable Versioned<Task> owner) {
    if (owner == null || owner.value().deleted()) {
      return false;
    }
    Task task = owner.value();
    boolean pending =
        task.isCurrentRun(result.attempt(), result.run()) && task.saved().contains(result.id());
    return pending || ListedRuns.find(task, result.run(), result.id()).isPresent();
  }
}
