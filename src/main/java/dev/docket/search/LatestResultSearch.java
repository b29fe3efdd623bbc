package dev.docket.search;

import dev.docket.result.Result;
import dev.docket.result.ResultService;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * Searches the results of each task's last successful run, and omits those of tasks that are being
 * deleted. It reads the current tasks of each page. A page may therefore have fewer hits than its
 * size, or none, and still be followed by another. Totals and facets include all stored results;
 * these are more only while the results of an earlier run are being removed.
 */
public final class LatestResultSearch implements ResultSearch {

  private final ResultSearch stored;
  private final TaskStore tasks;

  public LatestResultSearch(ResultSearch stored, TaskStore tasks) {
    this.stored = stored;
    this.tasks = tasks;
  }

  @Override
  public Page<Result> search(SearchQuery query) {
    Page<Result> page = stored.search(query);
    return new Page<>(latest(page.hits()), page.next(), page.facets(), page.total(), page.exact());
  }

  @Override
  public Hits<Result> all(SearchQuery query) {
    Hits<Result> all = stored.all(query);
    return new Hits<>() {
      @Override
      public List<Result> next() {
        List<Result> page = all.next();
        while (!page.isEmpty()) {
          List<Result> latest = latest(page);
          if (!latest.isEmpty()) {
            return latest;
          }
          page = all.next();
        }
        return List.of();
      }

      @Override
      public void close() {
        all.close();
      }
    };
  }

  private List<Result> latest(List<Result> page) {
    Map<TaskId, Versioned<Task>> tasksById = tasksOf(page);
    return page.stream()
        .filter(
            result -> {
              Versioned<Task> task = tasksById.get(result.taskId());
              return task != null
                  && !task.value().deleted()
                  && ResultService.isCurrent(task.value(), result);
            })
        .toList();
  }

  private Map<TaskId, Versioned<Task>> tasksOf(List<Result> page) {
    if (page.isEmpty()) {
      return Map.of();
    }
    Set<TaskId> ids = page.stream().map(Result::taskId).collect(Collectors.toSet());
    try {
      return tasks.find(ids).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
