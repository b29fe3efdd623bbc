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
 * Finds only results that count: those of the run that ended its task in success, where the task is
 * not being deleted. The tasks are read as they are now, page by page. A page may therefore hold
 * fewer hits than its size, or none, while another follows; totals and facets are of all that are
 * stored, which are more only while those of an earlier run are being removed.
 */
public final class CountingResults implements ResultSearch {

  private final ResultSearch stored;
  private final TaskStore tasks;

  public CountingResults(ResultSearch stored, TaskStore tasks) {
    this.stored = stored;
    this.tasks = tasks;
  }

  @Override
  public Page<Result> search(SearchQuery query) {
    Page<Result> page = stored.search(query);
    return new Page<>(
        counting(page.hits()), page.next(), page.facets(), page.total(), page.exact());
  }

  @Override
  public Hits<Result> all(SearchQuery query) {
    Hits<Result> all = stored.all(query);
    return new Hits<>() {
      @Override
      public List<Result> next() {
        List<Result> page = all.next();
        while (!page.isEmpty()) {
          List<Result> counting = counting(page);
          if (!counting.isEmpty()) {
            return counting;
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

  private List<Result> counting(List<Result> page) {
    Map<TaskId, Versioned<Task>> there = tasksOf(page);
    return page.stream()
        .filter(
            result -> {
              Versioned<Task> task = there.get(result.taskId());
              return task != null
                  && !task.value().deleted()
                  && ResultService.counts(task.value(), result);
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
