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

/** More than Elasticsearch gives in one answer. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class PointInTimeScanIT {

  private static final int MANY = 25_000;
  private static final Instant NOON = DocumentSamples.CREATED;
  private static final SearchQuery OLDEST_FIRST =
      SearchQuery.everything().sorted(new SearchQuery.Sort("created_at", false));

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture elastic;

  /** The oldest first; ten were created in each millisecond, so that ids decide. */
  private static final List<Task> TASKS = new ArrayList<>();

  private static final List<Version> VERSIONS = new ArrayList<>();

  @BeforeAll
  static void open() {
    elastic = ElasticFixture.open(backends, "all");
    Document document = DocumentSamples.document();
    for (int i = 0; i < MANY; i++) {
      TASKS.add(TaskSamples.task(document, "K" + i, NOON.plusMillis(i / 10)));
    }
    VERSIONS.addAll(saved(MANY, i -> elastic.elastic().tasks().create(TASKS.get(i))));
    elastic.refresh();
  }

  @AfterAll
  static void close() {
    elastic.close();
  }

  private static List<Version> saved(int count, IntFunction<CompletionStage<WriteOutcome>> write) {
    List<Version> versions = new ArrayList<>();
    for (int from = 0; from < count; from += 500) {
      List<CompletableFuture<WriteOutcome>> some = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + 500); i++) {
        some.add(write.apply(i).toCompletableFuture());
      }
      some.forEach(one -> versions.add(((WriteOutcome.Stored) one.join()).version()));
    }
    return versions;
  }

  private static Page<Task> page(SearchQuery query) {
    return elastic.elastic().taskSearch().search(query);
  }

  private static List<TaskId> ids(List<Task> tasks) {
    return tasks.stream().map(Task::id).toList();
  }

  private static int openMoments() {
    return elastic
        .http()
        .call("GET", "/" + elastic.indices().prefix() + "tasks/_stats/search", null)
        .json()
        .at("/_all/total/search/open_contexts")
        .asInt(-1);
  }

  private static List<TaskId> inOrder() {
    List<Task> order = new ArrayList<>(TASKS);
    order.sort(Comparator.comparing(Task::createdAt).thenComparing(task -> task.id().value()));
    return ids(order);
  }

  @Test
  @Order(1)
  void everythingComesOnceInItsOrder() {
    List<TaskId> seen = new ArrayList<>();
    try (Hits<Task> hits = elastic.elastic().taskSearch().all(OLDEST_FIRST.size(3))) {
      List<Task> page = hits.next();
      while (!page.isEmpty()) {
        assertThat(page).hasSizeLessThanOrEqualTo(500);
        seen.addAll(ids(page));
        page = hits.next();
      }
      assertThat(hits.next()).isEmpty();
      assertThat(openMoments()).isPositive();
    }
    assertThat(seen).isEqualTo(inOrder());
    assertThat(openMoments()).isZero();
  }

  @Test
  @Order(1)
  void whoStopsEarlyLetsGo() {
    Hits<Task> hits = elastic.elastic().taskSearch().all(OLDEST_FIRST);
    assertThat(hits.next()).isNotEmpty();
    hits.close();
    assertThat(hits.next()).isEmpty();
    hits.close();
    assertThat(openMoments()).isZero();
  }

  @Test
  @Order(1)
  void manyCanBePassedOver() {
    List<TaskId> order = inOrder();
    for (int skip : new int[] {1, 9_000, 9_989, 9_990, 10_000, 12_345, 20_000, 24_990}) {
      Page<Task> page = page(OLDEST_FIRST.size(10).skip(skip));
      assertThat(ids(page.hits())).as("%d", skip).isEqualTo(order.subList(skip, skip + 10));
      assertThat(page.next() == null).isEqualTo(skip == 24_990);
    }
    assertThat(ids(page(OLDEST_FIRST.size(10).skip(24_995)).hits()))
        .isEqualTo(order.subList(24_995, MANY));
    for (long skip : new long[] {MANY, 1_000_000, Long.MAX_VALUE}) {
      Page<Task> none = page(OLDEST_FIRST.skip(skip));
      assertThat(none.hits()).isEmpty();
      assertThat(none.next()).isNull();
      assertThat(none.total()).isPositive();
    }
    assertThat(page(OLDEST_FIRST.where("key", List.of()).skip(20_000)).total()).isZero();
    assertThat(openMoments()).isZero();
  }

  @Test
  @Order(1)
  void aCursorLeadsOnFromWhatWasPassedOver() {
    List<TaskId> order = inOrder();
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
  void allAreCountedOnRequest() {
    Page<Task> usual = page(OLDEST_FIRST.size(1));
    assertThat(usual.exact()).isFalse();
    assertThat(usual.total()).isEqualTo(10_000);
    Page<Task> exact = page(OLDEST_FIRST.size(1).countingAll());
    assertThat(exact.exact()).isTrue();
    assertThat(exact.total()).isEqualTo(MANY);
    assertThat(page(OLDEST_FIRST.size(1).skip(12_000).countingAll()).total()).isEqualTo(MANY);
  }

  @Test
  @Order(2)
  void whatIsChangedMeanwhileIsThereOnceAsItWas() {
    SearchQuery byChange =
        SearchQuery.everything().sorted(new SearchQuery.Sort("updated_at", true)).freshly();
    List<Task> seen = new ArrayList<>();
    try (Hits<Task> hits = elastic.elastic().taskSearch().all(byChange)) {
      for (int i = 0; i < 5; i++) {
        seen.addAll(hits.next());
      }
      // The first become the last in the order and the other way round; some go, some come.
      saved(
          2_000,
          i -> {
            int at = i < 1_000 ? i : MANY - 1 - (i - 1_000);
            Instant later = NOON.plusSeconds(3_600 + i);
            return elastic
                .elastic()
                .tasks()
                .replace(TaskSamples.changedAt(TASKS.get(at), later), VERSIONS.get(at));
          });
      saved(
          500,
          i ->
              elastic
                  .elastic()
                  .tasks()
                  .remove(TASKS.get(10_000 + i).id(), VERSIONS.get(10_000 + i)));
      saved(500, i -> elastic.elastic().tasks().create(TaskSamples.task("NEW")));
      elastic.refresh();
      List<Task> page = hits.next();
      while (!page.isEmpty()) {
        seen.addAll(page);
        page = hits.next();
      }
    }
    assertThat(seen).hasSize(MANY);
    assertThat(ids(seen)).doesNotHaveDuplicates();
    assertThat(byId(seen)).isEqualTo(byId(TASKS));
    assertThat(page(byChange.countingAll()).total()).isEqualTo(MANY);
  }

  private static Map<TaskId, Task> byId(List<Task> tasks) {
    return tasks.stream().collect(Collectors.toMap(Task::id, task -> task));
  }
}
