package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentSamples;
import dev.docket.document.TargetType;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.record.RecordKind;
import dev.docket.http.InvalidRequest;
import dev.docket.result.Result;
import dev.docket.search.Cursor;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.ResultSearch;
import dev.docket.search.SearchQuery;
import dev.docket.search.TextPattern;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSamples;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.TaskMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldSearchIT {

  private static final Instant CREATED = DocumentSamples.CREATED;
  private static final Policy POLICY =
      new Policy(
          "docket",
          Policy.AckMode.CLAIMS,
          3,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          60,
          null,
          Duration.ofDays(1),
          10);

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  /** Created at intervals of a second; those with an even index are ASR, the others OCR. */
  private static final List<Task> TASKS = new ArrayList<>();

  private static final List<Document> DOCUMENTS = new ArrayList<>();

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "search");
    for (int i = 0; i < 10; i++) {
      Document document =
          DocumentSamples.document(
              "https://archive.example/film/" + i + "?a=*&b=\"x\"",
              i < 5 ? TargetType.VIDEO : TargetType.SOUND,
              i % 2 == 0 ? "archive" : "Archief De \\ Bunker",
              Map.of(
                  "title", "The Night Watch, reel " + i,
                  "made", Map.of("by", i % 3 == 0 ? "Rembrandt" : "Hals", "year", 1640 + i),
                  "long", "y".repeat(2_000)));
      DOCUMENTS.add(document);
      assertStored(fixture.backend().documents().create(document).toCompletableFuture());
      Task task = TaskSamples.task(document, i % 2 == 0 ? "ASR" : "OCR", CREATED.plusSeconds(i));
      TASKS.add(task);
      assertStored(fixture.backend().tasks().create(task).toCompletableFuture());
    }
    assertStored(
        fixture
            .backend()
            .documents()
            .create(DocumentSamples.document("deleted").asDeleted(CREATED))
            .toCompletableFuture());
    fixture.refresh();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static void assertStored(CompletableFuture<WriteOutcome> outcome) {
    assertThat(outcome.join()).isInstanceOf(WriteOutcome.Stored.class);
  }

  private static SearchQuery where(String field, String... values) {
    return SearchQuery.everything()
        .where(field, Stream.of(values).map(TextPattern::new).toArray(TextPattern[]::new));
  }

  private static SearchQuery query(List<SearchQuery.Filter> filters, @Nullable String words) {
    SearchQuery query = SearchQuery.everything().words(words);
    for (SearchQuery.Filter filter : filters) {
      query = query.where(filter.field(), filter.values());
    }
    return query;
  }

  private static SearchQuery sorted(String field, boolean descending, int size, Cursor after) {
    return SearchQuery.everything()
        .sorted(new SearchQuery.Sort(field, descending))
        .size(size)
        .after(after);
  }

  private static Page<Task> tasks(SearchQuery query) {
    return fixture.backend().taskSearch().search(query);
  }

  private static Page<Document> documents(SearchQuery query) {
    return fixture.backend().documentSearch().search(query);
  }

  private static List<Document> documentsWhere(String field, String... values) {
    return documents(where(field, values)).hits();
  }

  @Test
  void returnsAllTasksNewestFirstWithoutFilters() {
    Page<Task> page = tasks(query(List.of(), null));
    assertThat(page.hits())
        .isEqualTo(
            TASKS.stream().sorted(Comparator.comparing(Task::createdAt).reversed()).toList());
    assertThat(page.next()).isNull();
    assertThat(page.total()).isEqualTo(10);
    assertThat(page.exact()).isTrue();
  }

  @Test
  void omitsDeletedDocuments() {
    assertThat(documents(query(List.of(), null)).total()).isEqualTo(10);
    assertThat(documentsWhere("target.id", "deleted")).isEmpty();
  }

  @Test
  void filtersTasks() {
    assertThat(tasks(where("key", "ASR")).total()).isEqualTo(5);
    assertThat(tasks(where("key", "ASR", "OCR")).total()).isEqualTo(10);
    assertThat(tasks(where("key", "ASR", "O*")).total()).isEqualTo(10);
    assertThat(tasks(where("state", "201")).total()).isEqualTo(10);
    assertThat(tasks(where("state", "2?1")).total()).isEqualTo(10);
    assertThat(tasks(where("state", "4*")).total()).isZero();
    assertThat(tasks(where("target.type", "Sound")).total()).isEqualTo(5);
    assertThat(tasks(where("target.id", "*/film/3*")).hits()).containsExactly(TASKS.get(3));
    assertThat(tasks(where("creator.id", "archive")).total()).isEqualTo(5);
    assertThat(tasks(where("priority", "5")).total()).isEqualTo(10);
    assertThat(tasks(where("priority", "4", "6")).total()).isZero();
    assertThat(tasks(where("submitted_by", "tester")).total()).isEqualTo(10);
    assertThat(tasks(where("courier", "docket")).total()).isEqualTo(10);
    assertThat(tasks(where("tags", "x")).total()).isZero();
    assertThat(tasks(where("lease.worker", "*")).total()).isZero();
    assertThat(tasks(where("depends_on.id", "x*")).total()).isZero();
    assertThat(tasks(where("id", TASKS.get(2).id().value())).hits()).containsExactly(TASKS.get(2));
    assertThat(tasks(where("document_id", DOCUMENTS.get(2).id().value())).hits())
        .containsExactly(TASKS.get(2));
    assertThat(tasks(where("args.model", "large")).total()).isZero();
  }

  @Test
  void combinesFilters() {
    SearchQuery combined =
        query(
            List.of(
                new SearchQuery.Filter("key", List.of(new TextPattern("ASR"))),
                new SearchQuery.Filter("target.type", List.of(new TextPattern("Video")))),
            null);
    assertThat(tasks(combined).total()).isEqualTo(3);
  }

  @Test
  void supportsEscapedWildcards() {
    String escaped = "https://archive.example/film/4\\?a=\\*&b=\"x\"";
    assertThat(documentsWhere("target.id", escaped)).containsExactly(DOCUMENTS.get(4));
    assertThat(documentsWhere("target.id", "*film/4\\?a=\\**")).containsExactly(DOCUMENTS.get(4));
    assertThat(documentsWhere("target.id", "*film/4\\*a*")).isEmpty();
    assertThat(documentsWhere("target.url", "*film/?\\?a=\\**")).hasSize(10);
    assertThat(documentsWhere("creator.id", "Archief De \\\\ Bunker")).hasSize(5);
    assertThat(documentsWhere("creator.id", "Archief*\\\\*")).hasSize(5);
  }

  @Test
  void filtersByKeysOfMetadata() {
    assertThat(documentsWhere("metadata.made.by", "Hals")).hasSize(6);
    assertThat(documentsWhere("metadata.made.by", "hals")).isEmpty();
    assertThat(documentsWhere("metadata.made.year", "1643")).containsExactly(DOCUMENTS.get(3));
    assertThat(documentsWhere("metadata.title", "The Night*")).hasSize(10);
    assertThat(documentsWhere("metadata.long", "y".repeat(2_000))).hasSize(10);
    assertThat(documentsWhere("metadata.nothing", "x")).isEmpty();
    assertThat(documentsWhere("metadata. .. \"", "x*")).isEmpty();
  }

  @Test
  void findsWordsInMetadataTargetAndCreator() {
    assertThat(documents(query(List.of(), "watch NIGHT")).total()).isEqualTo(10);
    assertThat(documents(query(List.of(), "night rembrandt")).total()).isEqualTo(4);
    assertThat(documents(query(List.of(), "bunker reel 3")).hits())
        .containsExactly(DOCUMENTS.get(3));
    assertThat(documents(query(List.of(), "night shift")).total()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "\"",
        "\"unclosed",
        "AND OR NOT",
        "*",
        "a*b?",
        "((",
        "{}",
        "[1 TO",
        "~^:\\",
        "é",
        "\uD83D\uDCFC",
        "\u0000",
        "--",
        "<script>",
        "' or 1=1",
        "field:value",
        "%"
      })
  void searchesUnusualInputLiterally(String input) {
    assertThat(documents(query(List.of(), input)).exact()).isTrue();
    assertThat(tasks(query(List.of(), input)).exact()).isTrue();
    String escaped = input.replace("\\", "\\\\");
    assertThat(tasks(where("tags", escaped)).hits()).isEmpty();
    assertThat(tasks(where("tags", "*" + escaped)).hits()).isEmpty();
    assertThat(tasks(where("args.x", escaped.replaceAll("[*?]", ""))).hits()).isEmpty();
  }

  @Test
  void supportsMostExpensivePatterns() {
    String costly = "*ab?cd".repeat(8) + "x".repeat(200);
    assertThat(documentsWhere("target.id", costly)).isEmpty();
    assertThat(documentsWhere("target.id", "?".repeat(16))).isEmpty();
    String[] many = IntStream.range(0, 100).mapToObj(i -> i + costly).toArray(String[]::new);
    assertThat(documentsWhere("target.id", many)).isEmpty();
    assertThat(documentsWhere("target.id", "x".repeat(8_192))).isEmpty();
  }

  @Test
  void timeRangeIncludesStartAndExcludesEnd() {
    assertThat(between(CREATED.plusSeconds(3), CREATED.plusSeconds(5)))
        .containsExactly(TASKS.get(4), TASKS.get(3));
    assertThat(between(CREATED.plusMillis(3001), CREATED.plusMillis(4001)))
        .containsExactly(TASKS.get(4));
    assertThat(between(null, CREATED)).isEmpty();
    assertThat(between(CREATED.plusSeconds(9), null)).containsExactly(TASKS.get(9));
    assertThat(between(CREATED.plusSeconds(9), CREATED)).isEmpty();
    assertThat(
            between(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9998-01-01T00:00:00Z")))
        .hasSize(10);
  }

  private static List<Task> between(@Nullable Instant from, @Nullable Instant to) {
    return tasks(SearchQuery.everything().between("created_at", from, to)).hits();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "created_at",
        "queued_at",
        "started_at",
        "finished_at",
        "updated_at",
        "due_at",
        "queued_ms",
        "run_ms",
        "priority",
        "attempt",
        "state",
        "key",
        "id"
      })
  void everySortReturnsEachTaskOnceInBothDirections(String field) {
    for (boolean descending : new boolean[] {false, true}) {
      List<TaskId> seen = new ArrayList<>();
      Cursor after = null;
      do {
        Page<Task> page = tasks(sorted(field, descending, 3, after));
        page.hits().forEach(task -> seen.add(task.id()));
        after = page.next();
      } while (after != null);
      assertThat(seen)
          .as(field)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(TASKS.stream().map(Task::id).toList());
      if (field.equals("created_at")) {
        List<TaskId> order = new ArrayList<>(TASKS.stream().map(Task::id).toList());
        if (descending) {
          Collections.reverse(order);
        }
        assertThat(seen).isEqualTo(order);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"created_at", "updated_at", "creator.id", "target.type", "id"})
  void everySortReturnsEachDocumentOnceInBothDirections(String field) {
    for (boolean descending : new boolean[] {false, true}) {
      List<DocumentId> seen = new ArrayList<>();
      Cursor after = null;
      do {
        Page<Document> page = documents(sorted(field, descending, 4, after));
        page.hits().forEach(document -> seen.add(document.id()));
        after = page.next();
      } while (after != null);
      assertThat(seen).as(field).doesNotHaveDuplicates().hasSize(10);
    }
  }

  @Test
  void facetsCountHits() {
    SearchQuery query =
        where("target.type", "Video")
            .size(1)
            .facets("key", "state", "priority", "tags", "lease.worker", "target.type");
    assertThat(tasks(query).facets())
        .containsEntry("key", List.of(new Page.Count("ASR", 3), new Page.Count("OCR", 2)))
        .containsEntry("state", List.of(new Page.Count("201", 5)))
        .containsEntry("priority", List.of(new Page.Count("5", 5)))
        .containsEntry("target.type", List.of(new Page.Count("Video", 5)))
        .containsEntry("tags", List.of())
        .containsEntry("lease.worker", List.of());
  }

  private static Result result(Task task, int attempt, String run, String payload) {
    try {
      return Result.of(
          task,
          new ResultRun(attempt, run, "c1", 1, List.of()),
          ResultId.submitted(task.id(), run, "c1", 0),
          new ResultDraft(new ObjectMapper().readTree(payload), Map.of("id", "g")),
          CREATED.plusSeconds(attempt));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void searchesResultsByFieldsAndPayload() {
    Task asr = TaskSamples.task("ASR");
    Task ocr = TaskSamples.task("OCR");
    Result first = result(asr, 1, "a", "{\"format\":{\"mime\":\"image/png\"},\"n\":1}");
    Result second = result(asr, 2, "b", "{\"format\":{\"mime\":\"text/plain\"}}");
    Result third = result(ocr, 3, "c", "\"just text\"");
    for (Result result : List.of(first, second, third)) {
      assertStored(fixture.backend().results().create(result, null).toCompletableFuture());
    }
    ResultSearch search = fixture.backend().resultSearch();
    assertThat(search.search(SearchQuery.everything().fresh(true)).hits())
        .containsExactly(third, second, first);
    assertThat(search.search(where("task_id", asr.id().value())).hits())
        .containsExactly(second, first);
    assertThat(search.search(where("document_id", ocr.spec().document().id().value())).hits())
        .containsExactly(third);
    assertThat(search.search(where("key", "A*")).hits()).containsExactly(second, first);
    assertThat(search.search(where("id", first.id().value())).hits()).containsExactly(first);
    assertThat(search.search(where("attempt", "2", "3")).hits()).containsExactly(third, second);
    assertThat(search.search(where("payload.format.mime", "image/*")).hits())
        .containsExactly(first);
    assertThat(search.search(where("payload.n", "1")).hits()).containsExactly(first);
    assertThat(search.search(where("payload.value", "just text")).hits()).containsExactly(third);
    assertThat(
            search
                .search(
                    SearchQuery.everything()
                        .between("created_at", CREATED.plusSeconds(2), CREATED.plusSeconds(3)))
                .hits())
        .containsExactly(second);
    assertThat(search.search(SearchQuery.everything().facets("key", "attempt")).facets())
        .containsEntry("key", List.of(new Page.Count("ASR", 2), new Page.Count("OCR", 1)))
        .hasEntrySatisfying("attempt", counts -> assertThat(counts).hasSize(3));
    for (String sort : List.of("attempt", "key", "task_id", "document_id", "id", "created_at")) {
      try (Hits<Result> hits =
          search.all(SearchQuery.everything().sorted(new SearchQuery.Sort(sort, true)))) {
        assertThat(hits.next()).as(sort).containsExactlyInAnyOrder(first, second, third);
      }
    }
    assertThatThrownBy(() -> search.search(SearchQuery.everything().words("text")))
        .isInstanceOf(InvalidRequest.class);
  }

  private static List<Result> results(ElasticFixture other, SearchQuery query) {
    Page<Result> page = other.backend().resultSearch().search(query.fresh(true));
    assertThat(page.exact()).isTrue();
    assertThat(page.total()).isEqualTo(page.hits().size());
    try (Hits<Result> all = other.backend().resultSearch().all(query)) {
      assertThat(all.next()).isEqualTo(page.hits());
    }
    return page.hits();
  }

  private static Result marked(
      ElasticFixture other, Result result, boolean visible, boolean latest) {
    assertStored(other.backend().results().create(result, null).toCompletableFuture());
    assertStored(
        other.backend().results().mark(result.id(), visible, latest).toCompletableFuture());
    return other
        .backend()
        .results()
        .find(result.id())
        .toCompletableFuture()
        .join()
        .orElseThrow()
        .value();
  }

  @Test
  void findsVisibleResultsByRun() {
    try (ElasticFixture other = ElasticFixture.open(backends, "runs")) {
      Task task = TaskSamples.task("ASR");
      Result earlier = marked(other, result(task, 1, "a", "{\"n\":1}"), true, false);
      Result latest = marked(other, result(task, 2, "b", "{\"n\":1}"), true, true);
      marked(other, result(task, 3, "c", "{\"n\":1}"), false, false);
      marked(other, result(task, 4, "d", "{\"n\":1}"), false, true);

      assertThat(results(other, where("latest", "true"))).containsExactly(latest);
      assertThat(results(other, where("latest", "false"))).containsExactly(earlier);
      assertThat(results(other, SearchQuery.everything())).containsExactly(latest, earlier);
      assertThat(results(other, where("attempt", "1", "3"))).containsExactly(earlier);
      assertThat(results(other, where("payload.n", "1")))
          .as("the searchable copy survives the marks")
          .containsExactly(latest, earlier);
      assertThat(other.backend().counts().stored().results()).isEqualTo(2);
      assertThatThrownBy(() -> results(other, where("latest", "maybe")))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("latest: must be true or false");
    }
  }

  @Test
  void filtersResultsByOriginAndGenerator() {
    try (ElasticFixture other = ElasticFixture.open(backends, "origin")) {
      Task video = TASKS.get(0);
      Task sound = TASKS.get(9);
      Result first = marked(other, result(video, 1, "a", "1"), true, true);
      Result second = marked(other, result(sound, 2, "b", "2"), true, true);

      assertThat(results(other, where("target.id", "*/film/0*"))).containsExactly(first);
      assertThat(results(other, where("target.type", "Sound"))).containsExactly(second);
      assertThat(results(other, where("creator.id", "arch*"))).containsExactly(first);
      assertThat(results(other, where("generator.id", "g"))).containsExactly(second, first);
      assertThat(results(other, where("generator.id", "g*"))).containsExactly(second, first);
      assertThat(results(other, where("generator.name", "g"))).isEmpty();
      SearchQuery facets = SearchQuery.everything().facets("target.type", "creator.id");
      assertThat(other.backend().resultSearch().search(facets).facets())
          .hasEntrySatisfying("target.type", counts -> assertThat(counts).hasSize(2))
          .hasEntrySatisfying("creator.id", counts -> assertThat(counts).hasSize(2));
    }
  }

  @Test
  void findsResultByPayloadThatItDoesNotContain() throws IOException {
    try (ElasticFixture other = ElasticFixture.open(backends, "stored")) {
      Task task = TaskSamples.task("ASR");
      ResultRun run = new ResultRun(1, "a", "c1", 2, List.of());
      List<Result> stored =
          run.resultIds(task.id()).stream()
              .map(id -> Result.of(task, run, id, ResultDraft.stored(9_000, Map.of()), CREATED))
              .toList();
      assertStored(
          other
              .backend()
              .results()
              .create(stored.get(0), new ObjectMapper().readTree("{\"words\":9}"))
              .toCompletableFuture());
      assertStored(other.backend().results().create(stored.get(1), null).toCompletableFuture());
      assertStored(
          other.backend().results().mark(stored.get(0).id(), true, true).toCompletableFuture());

      assertThat(results(other, where("payload.words", "9"))).containsExactly(stored.get(0));
      assertThat(results(other, SearchQuery.everything())).hasSize(2);
    }
  }

  @Test
  void findsResultsOfEarlierRelease() throws IOException {
    try (ElasticFixture other = ElasticFixture.open(backends, "former")) {
      JsonNode record = new ObjectMapper().readTree(firstLine("/upgrade/results/results.ndjson"));
      String id = record.path("id").asText();
      ElasticHttp.RawResponse written =
          other
              .http()
              .call(
                  "PUT",
                  "/" + other.indices().alias(RecordKind.RESULTS) + "/_create/" + id,
                  record);
      assertThat(written.ok()).as(written.reason()).isTrue();

      List<Result> found = results(other, where("latest", "true"));

      assertThat(found).extracting(result -> result.id().value()).containsExactly(id);
      assertThat(found.get(0).visible()).isTrue();
      assertThat(found.get(0).latest()).isTrue();
      assertThat(found.get(0).origin()).isNull();
      assertThat(results(other, where("latest", "false"))).isEmpty();
      assertThat(results(other, where("payload.text", "first"))).isEqualTo(found);
      assertThat(results(other, where("attempt", "1"))).isEqualTo(found);
      assertThat(other.backend().counts().stored().results()).isEqualTo(1);
    }
  }

  private static String firstLine(String resource) throws IOException {
    try (var in = FieldSearchIT.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void countsAllResults() {
    try (ElasticFixture other = ElasticFixture.open(backends, "many")) {
      int count = 10_001;
      Task task = TaskSamples.task("ASR");
      ResultRun run = new ResultRun(1, "a", "c1", count, List.of());
      ResultDraft draft = new ResultDraft(TextNode.valueOf("x"), Map.of());
      CompletableFuture.allOf(
              run.resultIds(task.id()).stream()
                  .map(id -> Result.of(task, run, id, draft, CREATED))
                  .map(result -> other.backend().results().create(result, null))
                  .map(CompletionStage::toCompletableFuture)
                  .toArray(CompletableFuture[]::new))
          .join();
      Page<Result> page =
          other.backend().resultSearch().search(where("latest", "true").size(7).fresh(true));
      assertThat(page.total()).isEqualTo(count);
      assertThat(page.exact()).isTrue();
      assertThat(page.hits()).hasSize(7);
      assertThat(page.next()).isNotNull();
    }
  }

  @Test
  void filterWithoutValuesMatchesNothing() {
    assertThat(tasks(SearchQuery.everything().where("key", List.of())).hits()).isEmpty();
  }

  @Test
  void freshSearchIncludesLatestWrites() {
    try (ElasticFixture other = ElasticFixture.open(backends, "fresh")) {
      for (int i = 0; i < 5; i++) {
        Task task = TaskSamples.task("ASR");
        assertStored(other.backend().tasks().create(task).toCompletableFuture());
        SearchQuery fresh = where("id", task.id().value()).size(1).fresh(true);
        assertThat(other.backend().taskSearch().search(fresh).hits()).containsExactly(task);
      }
    }
  }

  @Test
  void findsMessageByWordsInItsBeginning() {
    try (ElasticFixture other = ElasticFixture.open(backends, "message")) {
      Task task = TaskSamples.task("ASR");
      String message = "cuda out of memory " + "x ".repeat(40_000) + "atlast";
      Task failed =
          TaskMachine.apply(
                  task, new Command.Unstorable(message), POLICY, TaskSamples.context(CREATED))
              .task();
      assertStored(other.backend().tasks().create(failed).toCompletableFuture());
      other.refresh();
      Page<Task> found = other.backend().taskSearch().search(query(List.of(), "memory CUDA"));
      assertThat(found.hits()).containsExactly(failed);
      assertThat(other.backend().taskSearch().search(query(List.of(), "atlast")).hits()).isEmpty();
    }
  }

  @Test
  void rejectsSearchThatElasticsearchRejects() {
    SearchQuery invalid =
        sorted(
            "created_at", true, 10, new Cursor(new SearchQuery.Sort("x", false), "no time", "x"));
    assertThatThrownBy(() -> tasks(invalid)).isInstanceOf(InvalidRequest.class);
  }
}
