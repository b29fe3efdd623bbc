package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.docket.auth.RejectionListener;
import dev.docket.auth.TestKeys;
import dev.docket.auth.http.AuthFeature;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentView;
import dev.docket.document.TargetType;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.batch.StreamedArray;
import dev.docket.result.MemoryPayloadStore;
import dev.docket.result.Payloads;
import dev.docket.result.Result;
import dev.docket.result.ResultSamples;
import dev.docket.result.ResultViews;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import io.dropwizard.testing.junit5.DropwizardClientExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests exports over a real connection, because the end of a response matters. */
@ExtendWith(DropwizardExtensionsSupport.class)
final class ExportResourceTest {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private static final ScriptedSearch<Task> tasks = new ScriptedSearch<>();
  private static final ScriptedSearch<Document> documents = new ScriptedSearch<>();
  private static final ScriptedSearch<Result> results = new ScriptedSearch<>();
  private static final MemoryPayloadStore storedPayloads = new MemoryPayloadStore();
  private static final Payloads payloads = ScriptedSearch.payloads(storedPayloads);
  private static final int MAX_CONCURRENT = 2;

  static final DropwizardClientExtension server =
      new DropwizardClientExtension(
          new ErrorsFeature(),
          new AuthFeature(TestKeys.authenticator(), RejectionListener.NONE),
          new SearchResource(
              ScriptedSearch.tasks(tasks),
              ScriptedSearch.documents(documents),
              ScriptedSearch.results(results),
              new ResultViews(payloads),
              new StreamedArray(JSON)),
          new ExportResource(
              ScriptedSearch.tasks(tasks),
              ScriptedSearch.documents(documents),
              ScriptedSearch.results(results),
              new ResultViews(payloads),
              new Exports(JSON, MAX_CONCURRENT + 1)));

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void reset() {
    tasks.reset();
    documents.reset();
    results.reset();
    storedPayloads.failReads(false);
  }

  @AfterEach
  void awaitAllClosed() {
    await().until(() -> tasks.open.get() + documents.open.get() + results.open.get() == 0);
  }

  private static HttpRequest.Builder request(String path, String accept) {
    return HttpRequest.newBuilder(URI.create(server.baseUri() + "/search/" + path))
        .header("Accept", accept);
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    return http.send(
        request(path, accept).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static List<Map<String, String>> csv(String body) throws IOException {
    try (MappingIterator<Map<String, String>> lines =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(body)) {
      return lines.readAll();
    }
  }

  private static <T> void respondWith(ScriptedSearch<T> search, List<List<T>> pages) {
    search.pages = number -> number < pages.size() ? pages.get(number) : List.of();
  }

  private static Document unusualDocument(int number) {
    return DocumentSamples.document(
        number
            + " \"quoted\", two\r\nlines\tand a , comma; \u0645\u0631\u062d\u0628\u0627 \u6f22\u5b57 e\u0301 \ud83d\udcfc \u2028",
        TargetType.SOUND,
        "archive",
        Map.of("title", "a \"b\",\nc", "parts", List.of(1, Map.of("x", "y"))));
  }

  @Test
  void csvKeepsUnusualTexts() throws Exception {
    List<Document> all =
        IntStream.range(0, 7).mapToObj(ExportResourceTest::unusualDocument).toList();
    respondWith(documents, List.of(all.subList(0, 3), all.subList(3, 6), all.subList(6, 7)));
    HttpResponse<String> response = get("document", "text/csv");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .isEqualToIgnoringCase("text/csv;charset=utf-8");
    assertThat(response.body()).startsWith("id,target.id,target.url,target.type,target.extra,");
    assertThat(response.body().lines().findFirst().orElseThrow()).doesNotContain("\"");
    assertThat(response.body()).contains("owner.group\r\n").endsWith("\r\n");
    List<Map<String, String>> lines = csv(response.body());
    assertThat(lines).extracting(l -> l.get("target.id")).isEqualTo(ids(all));
    assertThat(JSON.readTree(lines.get(0).get("metadata")))
        .isEqualTo(JSON.valueToTree(all.get(0).metadata()));
    assertThat(lines.get(0))
        .containsEntry("target.type", "Sound")
        .containsEntry("created_at", created(all.get(0)))
        .containsEntry("creator.name", "");
  }

  private static String created(Document document) {
    return JSON.valueToTree(DocumentView.of(document)).path("created_at").asText();
  }

  private static List<String> ids(List<Document> documents) {
    return documents.stream().map(d -> d.target().id()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "=1+1,'=1+1",
        "+x,'+x",
        "-x,'-x",
        "@SUM(A1),'@SUM(A1)",
        "x=1,x=1",
        "'x,'x",
        "0123,0123"
      })
  void csvEscapesFormulas(String text, String cell) throws Exception {
    respondWith(documents, List.of(List.of(DocumentSamples.document(text))));
    assertThat(csv(get("document", "text/csv").body()))
        .singleElement()
        .satisfies(line -> assertThat(line).containsEntry("target.id", cell));
  }

  @Test
  void csvWithoutHitsHasHeaderLine() throws Exception {
    respondWith(tasks, List.of());
    assertThat(get("task", "text/csv").body())
        .startsWith("id,document_id,document.target.id")
        .endsWith("queued_ms,run_ms\r\n")
        .hasLineCount(1);
    assertThat(get("task", "application/x-ndjson").body()).isEmpty();
  }

  @Test
  void ndjsonLinesEqualHitsOfPages() throws Exception {
    List<Document> all =
        IntStream.range(0, 5).mapToObj(ExportResourceTest::unusualDocument).toList();
    respondWith(documents, List.of(all.subList(0, 2), all.subList(2, 4), all.subList(4, 5)));
    HttpResponse<String> response = get("document", "application/x-ndjson");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    String[] lines = response.body().split("\n");
    assertThat(lines).hasSize(5);
    for (int i = 0; i < 5; i++) {
      assertThat(JSON.readTree(lines[i])).isEqualTo(JSON.valueToTree(DocumentView.of(all.get(i))));
    }
  }

  @Test
  void exportsTasksAndResultsAsCsv() throws Exception {
    Task task = TaskSamples.task("ASR");
    respondWith(tasks, List.of(List.of(task)));
    assertThat(csv(get("task?key=asr&sort=id", "text/csv").body()))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .containsEntry("id", task.id().value())
                    .containsEntry("document.target.id", task.spec().document().target().id())
                    .containsEntry("state", "201")
                    .containsEntry("state_name", "CREATED")
                    .containsEntry("progress", "")
                    .containsEntry("lease.worker", ""));
    assertThat(tasks.lastQuery)
        .isEqualTo(
            SearchQuery.everything()
                .where("key", new TextPattern("ASR"))
                .sorted(new SearchQuery.Sort("id", false)));
    Result result =
        Result.of(
            task,
            ResultRun.saved(1, "run", List.of(new ResultId("r"))),
            new ResultId("r"),
            new ResultDraft(TextNode.valueOf("=x"), Map.of("id", "g", "more", "y")),
            task.createdAt());
    respondWith(results, List.of(List.of(result)));
    assertThat(csv(get("result", "text/csv").body()))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .containsEntry("payload", "\"=x\"")
                    .containsEntry("generator.id", "g")
                    .containsEntry("generator.extra", "{\"more\":\"y\"}")
                    .containsEntry("target.id", result.origin().targetId())
                    .containsEntry("target.type", "Video")
                    .containsEntry("creator.id", result.origin().creatorId())
                    .containsEntry("payload_bytes", "")
                    .containsEntry("latest", "true"));
  }

  @Test
  void csvHasAddressOfLargePayload() throws Exception {
    Result small = ResultSamples.stored(payloads, ResultSamples.json(20_000));
    Result large = ResultSamples.stored(payloads, ResultSamples.json(300_000));
    respondWith(results, List.of(List.of(small, large)));
    List<Map<String, String>> lines = csv(get("result", "text/csv").body());
    assertThat(lines.get(0))
        .containsEntry("payload", ResultSamples.json(20_000))
        .containsEntry("payload_bytes", "20000")
        .containsEntry("payload_url", "");
    assertThat(lines.get(1))
        .containsEntry("payload", "")
        .containsEntry("payload_bytes", "300000")
        .containsEntry("payload_url", "/result/" + large.id() + "/payload");
  }

  @Test
  void csvRejectsWholePayloads() throws Exception {
    HttpResponse<String> response = get("result?payload=full", "text/csv");
    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).at("/errors/0");
    assertThat(error.path("pointer").asText()).isEqualTo("payload");
    assertThat(error.path("detail").asText()).contains("CSV", "application/x-ndjson");
    assertThat(results.opened).hasValue(0);
  }

  @Test
  void ndjsonShowsSmallPayloadsOfManyResults() throws Exception {
    List<Result> all =
        IntStream.range(0, 40)
            .mapToObj(i -> ResultSamples.stored(payloads, ResultSamples.json(256 * 1024)))
            .toList();
    Result large = ResultSamples.stored(payloads, ResultSamples.json(256 * 1024 + 1));
    respondWith(results, List.of(all, List.of(large)));
    List<String> lines = get("result", "application/x-ndjson").body().lines().toList();
    assertThat(lines).hasSize(41);
    for (int i = 0; i < 40; i++) {
      JsonNode line = JSON.readTree(lines.get(i));
      assertThat(line.path("id").asText()).isEqualTo(all.get(i).id().value());
      assertThat(line.path("payload").asText()).hasSize(256 * 1024 - 2);
    }
    assertThat(JSON.readTree(lines.get(40)).has("payload")).isFalse();
    assertThat(JSON.readTree(lines.get(40)).has("payload_url")).isTrue();
  }

  @Test
  void ndjsonContainsWholePayloadsInOneLineEach() throws Exception {
    String large = ResultSamples.json(1 << 20);
    String indented = "{\r\n  \"a\": [1,\n\n 2],\n  \"b\": \"x\\ny\"\n}\n";
    respondWith(
        results,
        List.of(
            List.of(
                ResultSamples.stored(payloads, large),
                ResultSamples.stored(payloads, indented),
                ResultSamples.small(TextNode.valueOf("a\nb")))));
    List<String> lines = get("result?payload=full", "application/x-ndjson").body().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(JSON.readTree(lines.get(0)).path("payload")).isEqualTo(JSON.readTree(large));
    assertThat(JSON.readTree(lines.get(1)).path("payload")).isEqualTo(JSON.readTree(indented));
    assertThat(JSON.readTree(lines.get(1)).has("attempt")).isTrue();
    assertThat(JSON.readTree(lines.get(2)).path("payload").asText()).isEqualTo("a\nb");
    assertThat(results.lastQuery.size()).isLessThan(SearchQuery.DEFAULT_SIZE);
  }

  @Test
  void ndjsonEndsWithErrorLineIfPayloadsCannotBeRead() throws Exception {
    Result stored = ResultSamples.stored(payloads, ResultSamples.json(20_000));
    Result small = ResultSamples.small(TextNode.valueOf("a"));
    results.pages =
        number -> {
          storedPayloads.failReads(number == 1);
          return number == 0 ? List.of(small) : List.of(stored);
        };
    String[] lines = get("result", "application/x-ndjson").body().split("\n");
    assertThat(lines).hasSize(2);
    assertThat(JSON.readTree(lines[1]).at("/error/status").asInt()).isEqualTo(503);
  }

  @Test
  void ndjsonIsTruncatedIfWholePayloadCannotBeRead() {
    Result stored = ResultSamples.stored(payloads, ResultSamples.json(1 << 20));
    List<Result> many = Collections.nCopies(10, stored);
    results.pages =
        number -> {
          storedPayloads.failReads(number == 1);
          return many;
        };
    assertThatThrownBy(() -> get("result?payload=full", "application/x-ndjson"))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*|application/json",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|application/json",
        "text/csv;q=0.5, application/json|application/json",
        "text/csv, application/json;q=0.5|text/csv",
        "application/x-ndjson, */*;q=0.1|application/x-ndjson",
        "text/*|text/csv",
        "application/*|application/json",
        "text/csv;q=0, */*|application/json",
        "image/png|application/problem+json"
      })
  void acceptHeaderSelectsFormat(String accept, String type) throws Exception {
    respondWith(tasks, List.of());
    tasks.page = new Page<>(List.of(), null, Map.of(), 0, true);
    assertThat(get("task", accept).headers().firstValue("Content-Type").orElseThrow())
        .startsWith(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"size=10", "cursor=x", "facets=key", "nonsense=1", "created_from=x"})
  void rejectsInvalidAndPageParametersByName(String parameter) throws Exception {
    for (String accept : List.of("text/csv", "application/x-ndjson")) {
      HttpResponse<String> response = get("result?" + parameter, accept);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.headers().firstValue("Content-Type"))
          .contains("application/problem+json");
      assertThat(JSON.readTree(response.body()).at("/errors/0/pointer").asText())
          .isEqualTo(parameter.substring(0, parameter.indexOf('=')));
    }
    assertThat(results.opened).hasValue(0);
  }

  @Test
  void unavailableStoreIs503() throws Exception {
    for (String accept : List.of("text/csv", "application/x-ndjson")) {
      HttpResponse<String> response = get("task", accept);
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).isPresent();
      assertThat(response.headers().firstValue("Content-Type"))
          .contains("application/problem+json");
    }
  }

  private static void failAfter(int pages) {
    Task task = TaskSamples.task("ASR");
    tasks.pages = number -> number < pages ? List.of(task) : null;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void ndjsonEndsWithErrorLineAfterFailure(int pages) throws Exception {
    failAfter(pages);
    String[] lines = get("task", "application/x-ndjson").body().split("\n");
    assertThat(lines).hasSize(pages + 1);
    JsonNode last = JSON.readTree(lines[pages]);
    assertThat(last.at("/error/status").asInt()).isEqualTo(503);
    assertThat(last.at("/error/detail").asText()).isEqualTo("not now");
  }

  @Test
  void csvIsTruncatedAfterFailure() throws Exception {
    failAfter(100);
    assertThatThrownBy(() -> get("task", "text/csv")).isInstanceOf(IOException.class);
    failAfter(1);
    assertThat(get("task", "text/csv").statusCode()).as("nothing was sent yet").isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "application/x-ndjson"})
  void truncatesResponseAfterUnexpectedException(String accept) {
    Task task = TaskSamples.task("ASR");
    tasks.pages =
        number -> {
          if (number < 100) {
            return List.of(task);
          }
          throw new IllegalStateException("a bug");
        };
    assertThatThrownBy(() -> get("task", accept)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "application/x-ndjson"})
  void closesSearchIfClientDisconnects(String accept) throws Exception {
    Task task = TaskSamples.task("ASR");
    tasks.pages = number -> List.of(task);
    HttpResponse<InputStream> response =
        http.send(request("task", accept).build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      assertThat(body.readNBytes(10_000)).hasSize(10_000);
      assertThat(tasks.open).hasValue(1);
    }
    await().until(() -> tasks.open.get() == 0);
  }

  @Test
  void limitsConcurrentExportsOfOneCaller() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    tasks.pages =
        number -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return List.of();
        };
    List<CompletableFuture<HttpResponse<String>>> running =
        IntStream.range(0, MAX_CONCURRENT)
            .mapToObj(
                i ->
                    http.sendAsync(
                        request("task", "text/csv").build(), HttpResponse.BodyHandlers.ofString()))
            .toList();
    await().until(() -> tasks.open.get() == MAX_CONCURRENT);
    HttpResponse<String> rejected = get("document", "application/x-ndjson");
    assertThat(rejected.statusCode()).isEqualTo(429);
    assertThat(rejected.headers().firstValue("Retry-After")).isPresent();
    assertThat(rejected.body())
        .contains("anonymous may have at most 2 of the 3 concurrent exports");
    release.countDown();
    running.forEach(response -> assertThat(response.join().statusCode()).isEqualTo(200));
    respondWith(documents, List.of());
    assertThat(get("document", "application/x-ndjson").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"result", "result?payload=full"})
  void headRequestReadsNoPayload(String path) throws Exception {
    Result stored = ResultSamples.stored(payloads, ResultSamples.json(20_000));
    results.page = new Page<>(List.of(stored), null, Map.of(), 1, true);
    storedPayloads.failReads(true);
    HttpResponse<String> response =
        http.send(
            request(path, "application/json")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    HttpResponse<String> read = get(path, "application/json");
    assertThat(read.statusCode()).as(read.body()).isEqualTo(503);
  }

  @Test
  void headRequestRunsNoSearch() throws Exception {
    HttpResponse<String> response =
        http.send(
            request("task", "text/csv").method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(tasks.opened).hasValue(0);
  }

  @Test
  void invalidPatternIs400() throws Exception {
    String encoded = URLEncoder.encode("a\\", StandardCharsets.UTF_8);
    assertThat(get("task?tags=" + encoded, "text/csv").statusCode()).isEqualTo(400);
  }
}
