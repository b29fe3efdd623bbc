package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.backends.ElasticsearchSettings;
import dev.docket.backends.LocalElasticsearch;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.elastic.ElasticFixture;
import dev.docket.search.record.SnapshotExpired;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated queries on Docket's records, and on an Elasticsearch 7.17 with DANE's mapping that
 * holds what Docket shows of them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DaneIndexComparisonIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final long SEED = Long.getLong("docket.comparison.seed", 20261129);
  private static final int QUERIES = Integer.getInteger("docket.comparison.queries", 400);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final SampleRecords records = SampleRecords.of(SEED);
  private ElasticFixture elastic;
  private LoadedIndex docket;
  private LocalElasticsearch dane;

  @BeforeAll
  void load(@TempDir Path directory) throws Exception {
    dane = LocalElasticsearch.start(ElasticsearchSettings.daneIn(directory).withQuickStart());
    elastic = ElasticFixture.open(BACKENDS, "comparison");
    docket = new LoadedIndex(elastic);
    docket.load(records.documents, records.tasks, records.results);
    try (InputStream mapping = getClass().getResourceAsStream("/dane/comparison-mapping.json")) {
      created("PUT", "", JSON.readTree(mapping));
    }
    for (Hit hit : docket.shown(records)) {
      String routing = hit.routing() == null ? "" : "&routing=" + hit.routing();
      created("PUT", "/_doc/" + hit.id() + "?refresh=true" + routing, LoadedIndex.source(hit));
    }
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

  private void created(String method, String path, JsonNode body) throws Exception {
    JsonNode response = send(method, path, body);
    assertThat(response.has("error")).as("%s", response).isFalse();
  }

  private JsonNode send(String method, String path, JsonNode body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(dane.address().resolve("/dane-index" + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  @Test
  void findsWhatElasticsearchFinds() throws Exception {
    Map<String, List<String>> differences = new LinkedHashMap<>();
    int hits = 0;
    int errors = 0;
    for (ObjectNode body : new GeneratedQueries(SEED, records).bodies().limit(QUERIES).toList()) {
      JsonNode expected = send("POST", "/_search", body);
      JsonNode actual = docket.answer(body.deepCopy());
      List<String> different = IndexAnswers.differences(expected, actual);
      if (!different.isEmpty()) {
        differences.put(body.toString(), different);
      }
      hits += expected.at("/hits/total/value").asInt() > 0 ? 1 : 0;
      errors += expected.has("error") ? 1 : 0;
    }
    assertThat(differences).as("seed %d", SEED).isEmpty();
    // The comparison would prove little if most queries found nothing.
    assertThat(hits).isGreaterThan(QUERIES / 4);
    assertThat(errors).isLessThan(QUERIES / 2);
  }

  @Test
  void serversScrollThroughAllRecordsOnce() throws Exception {
    ObjectNode body = JSON.createObjectNode().put("size", 7);
    body.putObject("query").putObject("match_all");
    List<String> ids = new ArrayList<>();
    JsonNode page = docket.startScroll(body);
    LoadedIndex otherServer = new LoadedIndex(elastic);
    int pages = 0;
    while (!page.at("/hits/hits").isEmpty()) {
      page.at("/hits/hits").forEach(hit -> ids.add(hit.path("_id").asText()));
      page = (pages % 2 == 0 ? otherServer : docket).scroll(page.path("_scroll_id").asText());
      pages++;
    }
    List<String> expected = docket.shown(records).stream().map(Hit::id).toList();
    assertThat(ids).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(page.at("/hits/total/value").asInt()).isEqualTo(expected.size());
    assertThat(pages).isEqualTo((expected.size() + 6) / 7);
    String last = page.path("_scroll_id").asText();
    assertThat(docket.endScroll(last)).isTrue();
    assertThat(docket.endScroll(last)).isFalse();
    assertThatThrownBy(() -> docket.scroll(last)).isInstanceOf(SnapshotExpired.class);
    assertThatThrownBy(() -> docket.scroll(last.substring(8))).isInstanceOf(InvalidQuery.class);
  }

  @Test
  void pagesHaveNoGapsAndNoRepetitions() {
    List<String> ids = new ArrayList<>();
    for (int from = 0; from == ids.size(); from += 10) {
      ObjectNode body = JSON.createObjectNode().put("from", from);
      body.putObject("query")
          .putObject("has_parent")
          .put("parent_type", "document")
          .putObject("query")
          .putObject("exists")
          .put("field", "target.id");
      docket.answer(body).at("/hits/hits").forEach(hit -> ids.add(hit.path("_id").asText()));
    }
    assertThat(ids)
        .containsExactlyElementsOf(
            records.tasks.stream()
                .filter(task -> !task.deleted())
                .map(task -> task.id().value())
                .toList());
  }
}
