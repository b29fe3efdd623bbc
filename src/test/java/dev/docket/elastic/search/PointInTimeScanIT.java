package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.elastic.ElasticFixture;
import dev.docket.search.Cursor;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSamples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Searches with more hits than Elasticsearch returns in one response. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PointInTimeScanIT {

  private static final int TASK_COUNT = 25_000;
  private static final Instant NOON = DocumentSamples.CREATED;
  private static final SearchQuery OLDEST_FIRST =
      SearchQuery.everything().sorted(new SearchQuery.Sort("created_at", false));

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  /** The oldest first; ten have the same creation time, so that their ids determine the order. */
  private static final List<Task> TASKS = new ArrayList<>();

  private static final List<Version> VERSIONS = new ArrayList<>();

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "all");
    Document document = DocumentSamples.document();
    for (int i = 0; i < TASK_COUNT; i++) {
      TASKS.add(TaskSamples.task(document, "K" + i, NOON.plusMillis(i / 10)));
    }
    VERSIONS.addAll(writeAll(TASK_COUNT, i -> fixture.backend().tasks().create(TASKS.get(i))));
    fixture.refresh();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static List<Version> writeAll(
      int count, IntFunction<CompletionStage<WriteOutcome>> write) {
    List<Version> versions = new ArrayList<>();
    for (int from = 0; from < count; from += 500) {
      List<CompletableFuture<WriteOutcome>> outcomes = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + 500); i++) {
        outcomes.add(write.apply(i).toCompletableFuture());
      }
      outcomes.forEach(outcome -> versions.add(((WriteOutcome.Stored) outcome.join()).version()));
    }
    return versions;
  }

  private static Page<Task> page(SearchQuery query) {
    return fixture.backend().taskSearch().search(query);
  }

  private static List<TaskId> ids(List<Task> tasks) {
    return tasks.stream().map(Task::id).toList();
  }

  private static int openPointsInTime() {
    return fixture
        .http()
        .call("GET", "/" + fixture.indices().prefix() + "tasks/_stats/search", null)
        .json()
        .at("/_all/total/search/open_contexts")
        .asInt(-1);
  }

  private static List<TaskId> expectedOrder() {
    List<Task> order = new ArrayList<>(TASKS);
    order.sort(Comparator.comparing(Task::createdAt).thenComparing(task -> task.id().value()));
    return ids(order);
  }

  @Test
  @Order(1)
  void returnsAllHitsOnceInOrder() {
    List<TaskId> seen = new ArrayList<>();
    try (Hits<Task> hits = fixture.backend().taskSearch().all(OLDEST_FIRST.size(3))) {
      List<Task> page = hits.next();
      while (!page.isEmpty()) {
        assertThat(page).hasSizeLessThanOrEqualTo(500);
        seen.addAll(ids(page));
        page = hits.next();
      }
      assertThat(hits.next()).isEmpty();
      assertThat(openPointsInTime()).isPositive();
    }
    assertThat(seen).isEqualTo(expectedOrder());
    assertThat(openPointsInTime()).isZero();
  }

  @Test
  @Order(1)
  void earlyCloseReleasesPointInTime() {
    Hits<Task> hits = fixture.backend().taskSearch().all(OLDEST_FIRST);
    assertThat(hits.next()).isNotEmpty();
    hits.close();
    assertThat(hits.next()).isEmpty();
    hits.close();
    assertThat(openPointsInTime()).isZero();
  }

  @Test
  @Order(1)
  void skipsManyHits() {
    List<TaskId> order = expectedOrder();
    for (int skip : new int[] {1, 9_000, 9_989, 9_990, 10_000, 12_345, 20_000, 24_990}) {
      Page<Task> page = page(OLDEST_FIRST.size(10).skip(skip));
      assertThat(ids(page.hits())).as("%d", skip).isEqualTo(order.subList(skip, skip + 10));
      assertThat(page.next() == null).isEqualTo(skip == 24_990);
    }
    assertThat(ids(page(OLDEST_FIRST.size(10).skip(24_995)).hits()))
        .isEqualTo(order.subList(24_995, TASK_COUNT));
    for (long skip : new long[] {TASK_COUNT, 1_000_000, Long.MAX_VALUE}) {
      Page<Task> none = page(OLDEST_FIRST.skip(skip));
      assertThat(none.hits()).isEmpty();
      assertThat(none.next()).isNull();
      assertThat(none.total()).isPositive();
    }
    assertThat(page(OLDEST_FIRST.where("key", List.of()).skip(20_000)).total()).isZero();
    assertThat(openPointsInTime()).isZero();
  }

  @Test
  @Order(1)
  void cursorContinuesAfterSkippedHits() {
    List<TaskId> order = expectedOrder();
    Cursor next = page(OLDEST_FIRST.size(10).skip(12_000)).next();
    assertThat(ids(page(OLDEST_FIRST.size(10).after(next)).hits()))
        .isEqualTo(order.subList(12_010, 12_020));
    assertThat(ids(page(OLDEST_FIRST.size(10).after(next).skip(5)).hits()))
        .isEqualTo(order.subList(12_015, 12_025));
    SearchQuery byId = OLDEST_FIRST.sorted(new SearchQuery.Sort("id", true)).size(10);
    List<TaskId> ids = ids(TASKS).stream().sorted(Comparator.reverseOrder()).toList();
    Page<Task> deep = page(byId.skip(15_000));
    assertThat(ids(deep.hits())).isEqualTo(ids.subList(15_000, 15_010));
    assertThat(ids(page(byId.after(deep.next())).hits())).isEqualTo(ids.subList(15_010, 15_020));
  }

  @Test
  @Order(1)
  void countsAllHitsOnRequest() {
    Page<Task> limited = page(OLDEST_FIRST.size(1));
    assertThat(limited.exact()).isFalse();
    assertThat(limited.total()).isEqualTo(10_000);
    Page<Task> exact = page(OLDEST_FIRST.size(1).countAll(true));
    assertThat(exact.exact()).isTrue();
    assertThat(exact.total()).isEqualTo(TASK_COUNT);
    assertThat(page(OLDEST_FIRST.size(1).skip(12_000).countAll(true)).total())
        .isEqualTo(TASK_COUNT);
  }

  @Test
  @Order(2)
  void returnsHitsAsOfStartDespiteConcurrentWrites() {
    SearchQuery newestChangeFirst =
        SearchQuery.everything().sorted(new SearchQuery.Sort("updated_at", true)).fresh(true);
    List<Task> seen = new ArrayList<>();
    try (Hits<Task> hits = fixture.backend().taskSearch().all(newestChangeFirst)) {
      for (int i = 0; i < 5; i++) {
        seen.addAll(hits.next());
      }
      // The first and last hits change places in the order; some are removed, others added.
      writeAll(
          2_000,
          i -> {
            int index = i < 1_000 ? i : TASK_COUNT - 1 - (i - 1_000);
            Instant later = NOON.plusSeconds(3_600 + i);
            return fixture
                .backend()
                .tasks()
                .replace(TaskSamples.changedAt(TASKS.get(index), later), VERSIONS.get(index));
          });
      writeAll(
          500,
          i ->
              fixture
                  .backend()
                  .tasks()
                  .remove(TASKS.get(10_000 + i).id(), VERSIONS.get(10_000 + i)));
      writeAll(500, i -> fixture.backend().tasks().create(TaskSamples.task("NEW")));
      fixture.refresh();
      List<Task> page = hits.next();
      while (!page.isEmpty()) {
        seen.addAll(page);
        page = hits.next();
      }
    }
    assertThat(seen).hasSize(TASK_COUNT);
    assertThat(ids(seen)).doesNotHaveDuplicates();
    assertThat(byId(seen)).isEqualTo(byId(TASKS));
    assertThat(page(newestChangeFirst.countAll(true)).total()).isEqualTo(TASK_COUNT);
  }

  private static Map<TaskId, Task> byId(List<Task> tasks) {
    return tasks.stream().collect(Collectors.toMap(Task::id, task -> task));
  }
}
