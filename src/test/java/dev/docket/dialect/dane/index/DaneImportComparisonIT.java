package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.dialect.dane.importing.DaneSampleData;
import dev.docket.document.DocumentId;
import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.ElasticFixture;
import dev.docket.server.DaneElasticsearch;
import dev.docket.store.Versioned;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same searches on the index of a DANE site, in Elasticsearch 7.17, and on Docket after it has
 * imported that index.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DaneImportComparisonIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final long SEED = Long.getLong("docket.comparison.seed", 20261130);
  private static final int QUERIES = 200;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SCRIPTS =
      Path.of(System.getProperty("docket.root"), "src/test/python").toAbsolutePath();

  /** The states that an import does not change. */
  private static final List<Integer> STATES = List.of(200, 400, 403, 404, 412, 418, 422, 500);

  private final HttpClient http = HttpClient.newHttpClient();
  private DaneSampleData data;
  private DaneElasticsearch dane;
  private ElasticFixture elastic;
  private LoadedIndex docket;
  private SampleRecords records;

  @BeforeAll
  void importIndex(@TempDir Path directory) throws Exception {
    data = data();
    dane = new DaneElasticsearch(directory);
    dane.store(data);
    elastic = ElasticFixture.open(BACKENDS, "imported");
    dane.importInto(
        "elasticsearch: {urls: \"%s\", indexPrefix: \"%s-imported-\", routingShards: 2}"
            .formatted(BACKENDS.backends().elasticsearch(), BACKENDS.prefix()));
    elastic.refresh();
    docket = new LoadedIndex(elastic);
    ElasticBackend backend = elastic.backend();
    records =
        SampleRecords.of(
            imported("document", DocumentId::new, backend.documents()::find),
            imported("task", TaskId::new, backend.tasks()::find),
            imported("result", ResultId::new, id -> backend.results().find(id)));
    // A test of nothing would succeed, too.
    assertThat(records.results).hasSizeGreaterThan(20);
  }

  private <I, T> List<T> imported(
      String role,
      Function<String, I> id,
      Function<I, CompletionStage<Optional<Versioned<T>>>> find) {
    List<T> found = new ArrayList<>();
    for (String each : data.ids(role)) {
      found.add(find.apply(id.apply(each)).toCompletableFuture().join().orElseThrow().value());
    }
    return found;
  }

  private static DaneSampleData data() {
    Random random = new Random(SEED);
    DaneSampleData data = new DaneSampleData();
    for (String target : SampleRecords.TARGETS) {
      for (String creator : SampleRecords.CREATORS) {
        String document = data.document(target, creator, Map.of(), Map.of("name", "Jan " + target));
        for (String key : SampleRecords.KEYS) {
          int state = STATES.get(random.nextInt(STATES.size()));
          Map<String, Object> args = random.nextBoolean() ? Map.of() : Map.of("lang", "nl", "n", 5);
          String task = data.task(document, key, state, args);
          for (int i = random.nextInt(3); i > 0; i--) {
            data.result(task, random.nextInt(4) == 0 ? Map.of() : Map.of("text", "word " + i));
          }
        }
      }
    }
    return data;
  }

  @AfterAll
  void close() {
    if (elastic != null) {
      elastic.close();
    }
    if (dane != null) {
      dane.close();
    }
  }

  private JsonNode search(ObjectNode body) throws IOException, InterruptedException {
    URI uri = dane.address().resolve("/" + DaneElasticsearch.INDEX + "/_search");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private void assertSameAnswers(List<ObjectNode> bodies) throws Exception {
    Map<String, List<String>> differences = new LinkedHashMap<>();
    int found = 0;
    for (ObjectNode body : bodies) {
      JsonNode expected = search(body);
      List<String> different = IndexAnswers.differences(expected, docket.answer(body.deepCopy()));
      if (!different.isEmpty()) {
        differences.put(body.toString(), different);
      }
      found += expected.at("/hits/total/value").asInt() > 0 ? 1 : 0;
    }
    assertThat(differences).isEmpty();
    assertThat(found).isGreaterThan(bodies.size() / 4);
  }

  @Test
  void generatedSearchesFindTheSame() throws Exception {
    assertSameAnswers(new GeneratedQueries(SEED, records).bodies().limit(QUERIES).toList());
  }

  @Test
  void searchesOfAllClientsFindTheSame() throws Exception {
    List<ObjectNode> bodies = new ArrayList<>();
    for (int i = 0; i < records.results.size(); i += 15) {
      bodies.addAll(searchesOfClients(i));
    }
    assertSameAnswers(bodies);
  }

  /** The searches that the Python client sends in another test. */
  private List<ObjectNode> searchesOfClients(int number) throws Exception {
    var result = records.results.get(number);
    String call =
        "import dane_index_calls, json, sys; print(json.dumps(dane_index_calls.searches(*sys.argv[1:])))";
    Process python =
        new ProcessBuilder(
                "/usr/bin/python3",
                "-c",
                call,
                result.documentId().value(),
                result.taskId().value(),
                result.id().value(),
                result.origin().targetId(),
                result.origin().creatorId(),
                result.key().value())
            .directory(SCRIPTS.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    JsonNode searches = JSON.readTree(python.getInputStream().readAllBytes());
    assertThat(searches.size()).isGreaterThan(15);
    List<ObjectNode> bodies = new ArrayList<>();
    // DANE orders by score, so only complete answers can be compared.
    for (JsonNode body : searches) {
      if (body instanceof ObjectNode search) {
        bodies.add(search.put("size", 10_000));
      }
    }
    return bodies;
  }
}
