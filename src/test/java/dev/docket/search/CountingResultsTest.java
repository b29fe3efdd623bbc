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

final class CountingResultsTest {

  private final MemoryTaskStore tasks = new MemoryTaskStore();
  private final ScriptedSearch<Result> stored = new ScriptedSearch<>();
  private final ResultSearch counting = new CountingResults(ScriptedSearch.results(stored), tasks);

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

  private List<Result> mixed() {
    Task task = succeeded("this");
    Task never = TaskSamples.task("ASR");
    tasks.create(never);
    Task deleted =
        TaskSamples.deleted(
            TaskSamples.withResults(TaskSamples.task("ASR"), new RunResults(1, "this", 1)));
    tasks.create(deleted);
    return List.of(
        result(task, "before", 0),
        result(task, "this", 0),
        result(never, "this", 0),
        result(deleted, "this", 0),
        result(TaskSamples.task("GONE"), "this", 0),
        result(task, "this", 1));
  }

  @Test
  void onlyThoseOfTheRunThatCountsAreShown() {
    List<Result> all = mixed();
    Cursor next = new Cursor(SearchQuery.NEWEST_FIRST, 5L, "id");
    Map<String, List<Page.Count>> facets = Map.of("key", List.of(new Page.Count("ASR", 6)));
    stored.page = new Page<>(all, next, facets, 6, true);
    SearchQuery query = SearchQuery.everything().size(6);
    assertThat(counting.search(query))
        .isEqualTo(new Page<>(List.of(all.get(1), all.get(5)), next, facets, 6, true));
    assertThat(stored.asked).isEqualTo(query);
  }

  @Test
  void aPageOfNoneThatCountIsNotTheEnd() {
    List<Result> all = mixed();
    List<List<Result>> pages =
        List.of(List.of(all.get(0)), List.of(all.get(1), all.get(2)), List.of(), List.of());
    stored.pages = pages::get;
    try (Hits<Result> hits = counting.all(SearchQuery.everything())) {
      assertThat(hits.next()).containsExactly(all.get(1));
      assertThat(hits.next()).isEmpty();
    }
    assertThat(stored.open).hasValue(0);
  }

  @Test
  void eachTaskIsAskedForOnceInAPage() {
    Task task = succeeded("this");
    List<Collection<?>> asked = new ArrayList<>();
    TaskStore watched =
        (TaskStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TaskStore.class},
                (proxy, method, arguments) -> {
                  asked.add((Collection<?>) arguments[0]);
                  return method.invoke(tasks, arguments);
                });
    stored.page =
        new Page<>(
            List.of(result(task, "this", 0), result(task, "this", 1)), null, Map.of(), 2, true);
    new CountingResults(ScriptedSearch.results(stored), watched).search(SearchQuery.everything());
    assertThat(asked).singleElement().isEqualTo(java.util.Set.of(task.id()));
  }

  @Test
  void tasksThatCannotBeReadAreTheStoresTrouble() {
    TaskStore broken =
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
                new CountingResults(ScriptedSearch.results(stored), broken)
                    .search(SearchQuery.everything()))
        .isInstanceOf(StoreUnavailable.class);
  }
}
