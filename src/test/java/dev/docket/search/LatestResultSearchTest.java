package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.docket.result.Result;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class LatestResultSearchTest {

  private final MemoryTaskStore tasks = new MemoryTaskStore();
  private final ScriptedSearch<Result> stored = new ScriptedSearch<>();
  private final ResultSearch latest = new LatestResultSearch(ScriptedSearch.results(stored), tasks);

  private static Result result(Task task, String run, int ordinal) {
    return Result.of(
        task,
        new RunResults(1, run, 2),
        ordinal,
        new ResultDraft(IntNode.valueOf(ordinal), Map.of()),
        task.createdAt());
  }

  private Task succeeded(String run) {
    Task task = TaskSamples.withResults(TaskSamples.task("ASR"), new RunResults(1, run, 2));
    tasks.create(task);
    return task;
  }

  private List<Result> mixedResults() {
    Task task = succeeded("current");
    Task unfinished = TaskSamples.task("ASR");
    tasks.create(unfinished);
    Task deleted =
        TaskSamples.deleted(
            TaskSamples.withResults(TaskSamples.task("ASR"), new RunResults(1, "current", 1)));
    tasks.create(deleted);
    return List.of(
        result(task, "previous", 0),
        result(task, "current", 0),
        result(unfinished, "current", 0),
        result(deleted, "current", 0),
        result(TaskSamples.task("GONE"), "current", 0),
        result(task, "current", 1));
  }

  @Test
  void returnsOnlyResultsOfLastSuccessfulRun() {
    List<Result> all = mixedResults();
    Cursor next = new Cursor(SearchQuery.NEWEST_FIRST, 5L, "id");
    Map<String, List<Page.Count>> facets = Map.of("key", List.of(new Page.Count("ASR", 6)));
    stored.page = new Page<>(all, next, facets, 6, true);
    SearchQuery query = SearchQuery.everything().size(6);
    assertThat(latest.search(query))
        .isEqualTo(new Page<>(List.of(all.get(1), all.get(5)), next, facets, 6, true));
    assertThat(stored.lastQuery).isEqualTo(query);
  }

  @Test
  void continuesAfterPageWithoutLatestResults() {
    List<Result> all = mixedResults();
    List<List<Result>> pages =
        List.of(List.of(all.get(0)), List.of(all.get(1), all.get(2)), List.of(), List.of());
    stored.pages = pages::get;
    try (Hits<Result> hits = latest.all(SearchQuery.everything())) {
      assertThat(hits.next()).containsExactly(all.get(1));
      assertThat(hits.next()).isEmpty();
    }
    assertThat(stored.open).hasValue(0);
  }

  @Test
  void readsEachTaskOncePerPage() {
    Task task = succeeded("current");
    List<Collection<?>> reads = new ArrayList<>();
    TaskStore recording =
        (TaskStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TaskStore.class},
                (proxy, method, arguments) -> {
                  reads.add((Collection<?>) arguments[0]);
                  return method.invoke(tasks, arguments);
                });
    stored.page =
        new Page<>(
            List.of(result(task, "current", 0), result(task, "current", 1)),
            null,
            Map.of(),
            2,
            true);
    new LatestResultSearch(ScriptedSearch.results(stored), recording)
        .search(SearchQuery.everything());
    assertThat(reads).singleElement().isEqualTo(java.util.Set.of(task.id()));
  }

  @Test
  void failsIfTasksCannotBeRead() {
    TaskStore unavailable =
        (TaskStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TaskStore.class},
                (proxy, method, arguments) ->
                    CompletableFuture.<Map<TaskId, Versioned<Task>>>failedStage(
                        new StoreUnavailable("not now")));
    stored.page =
        new Page<>(List.of(result(TaskSamples.task("A"), "r", 0)), null, Map.of(), 1, true);
    assertThatThrownBy(
            () ->
                new LatestResultSearch(ScriptedSearch.results(stored), unavailable)
                    .search(SearchQuery.everything()))
        .isInstanceOf(StoreUnavailable.class);
  }
}
