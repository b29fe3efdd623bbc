package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.docket.auth.RejectionListener;
import dev.docket.auth.TestKeys;
import dev.docket.auth.http.AuthFeature;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.batch.StreamedArray;
import dev.docket.result.MemoryPayloadStore;
import dev.docket.result.Payloads;
import dev.docket.result.Result;
import dev.docket.result.ResultSamples;
import dev.docket.result.ResultViews;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import io.dropwizard.jersey.jackson.JacksonMessageBodyProvider;
import io.dropwizard.testing.junit5.DropwizardClientExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DropwizardExtensionsSupport.class)
final class SearchResourceTest {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private static final ScriptedSearch<Task> tasks = new ScriptedSearch<>();
  private static final ScriptedSearch<Document> documents = new ScriptedSearch<>();
  private static final ScriptedSearch<Result> results = new ScriptedSearch<>();

  private static final Payloads payloads = ScriptedSearch.payloads(new MemoryPayloadStore());

  static final DropwizardClientExtension server =
      new DropwizardClientExtension(
          new ErrorsFeature(),
          new AuthFeature(TestKeys.authenticator(), RejectionListener.NONE),
          new JacksonMessageBodyProvider(JSON),
          new SearchResource(
              ScriptedSearch.tasks(tasks),
              ScriptedSearch.documents(documents),
              ScriptedSearch.results(results),
              new ResultViews(payloads),
              new StreamedArray(JSON)));

  private static final Client client = ClientBuilder.newClient();

  @AfterAll
  static void close() {
    client.close();
  }

  private static WebTarget target(String path) {
    return client.target(server.baseUri()).path("search").path(path);
  }

  @BeforeEach
  void reset() {
    tasks.reset();
    documents.reset();
    results.reset();
  }

  private static JsonNode get(String path, int status) {
    try (Response response = target(path).request().get()) {
      assertThat(response.getStatus()).as(path).isEqualTo(status);
      return JSON.readTree(response.readEntity(String.class));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode getWith(String path, String name, Object value, int status) {
    try (Response response =
        target(path).queryParam(name, "{v}").resolveTemplate("v", value, true).request().get()) {
      assertThat(response.getStatus()).isEqualTo(status);
      return JSON.readTree(response.readEntity(String.class));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void returnsPageOfTasks() {
    Task task = TaskSamples.task("ASR");
    Cursor next = new Cursor(SearchQuery.NEWEST_FIRST, 5L, "id");
    tasks.page =
        new Page<>(
            List.of(task), next, Map.of("state", List.of(new Page.Count("201", 7))), 10_000, false);
    JsonNode response = getWith("task", "tags", "a/\"b\"", 200);
    assertThat(response.at("/hits/0/id").asText()).isEqualTo(task.id().value());
    assertThat(response.at("/hits/0").has("run")).isFalse();
    assertThat(response.path("next").asText()).isEqualTo(next.text());
    assertThat(response.at("/facets/state/0/value").asText()).isEqualTo("201");
    assertThat(response.at("/facets/state/0/count").asInt()).isEqualTo(7);
    assertThat(response.path("total_at_least").asInt()).isEqualTo(10_000);
    assertThat(response.has("total")).isFalse();
    assertThat(tasks.lastQuery.filters())
        .containsExactly(new SearchQuery.Filter("tags", List.of(new TextPattern("a/\"b\""))));
  }

  @Test
  void returnsLastPageOfDocuments() {
    Document document = DocumentSamples.document();
    documents.page = new Page<>(List.of(document), null, Map.of(), 1, true);
    JsonNode response = get("document", 200);
    assertThat(response.at("/hits/0/target/id").asText()).isEqualTo(document.target().id());
    assertThat(response.has("next")).isTrue();
    assertThat(response.path("next").isNull()).isTrue();
    assertThat(response.path("total").asInt()).isEqualTo(1);
    assertThat(response.has("total_at_least")).isFalse();
    assertThat(response.has("facets")).isFalse();
  }

  @Test
  void rejectsInvalidParameterByName() {
    JsonNode response = getWith("task", "size", "0", 400);
    assertThat(response.at("/errors/0/pointer").asText()).isEqualTo("size");
    JsonNode other = getWith("document", "state", "202", 400);
    assertThat(other.at("/errors/0/pointer").asText()).isEqualTo("state");
    assertThat(getWith("task", "q", "x".repeat(1_001), 400).path("status").asInt()).isEqualTo(400);
  }

  @Test
  void unavailableStoreIs503() {
    get("task", 503);
    get("document", 503);
    get("result", 503);
  }

  @Test
  void emptyPageOfResultsMayHaveNext() {
    Cursor next = new Cursor(SearchQuery.NEWEST_FIRST, 5L, "id");
    results.page = new Page<>(List.of(), next, Map.of(), 7, true);
    JsonNode response = getWith("result", "payload.format.mime", "image/*", 200);
    assertThat(response.path("hits")).isEmpty();
    assertThat(response.path("next").asText()).isEqualTo(next.text());
    assertThat(results.lastQuery.filters())
        .containsExactly(
            new SearchQuery.Filter("payload.format.mime", List.of(new TextPattern("image/*"))),
            new SearchQuery.Filter("latest", List.of(new TextPattern("true"))));
  }

  private static List<JsonNode> hits(JsonNode response) {
    List<JsonNode> hits = new ArrayList<>();
    response.path("hits").forEach(hits::add);
    return hits;
  }

  private static void respondWith(List<Result> hits) {
    results.page = new Page<>(hits, null, Map.of(), hits.size(), true);
  }

  @Test
  void pageShowsOriginAndSmallPayloads() {
    Result small = ResultSamples.small(new TextNode("a"));
    Result stored = ResultSamples.stored(payloads, ResultSamples.json(20_000));
    Result large = ResultSamples.stored(payloads, ResultSamples.json(256 * 1024 + 1));
    respondWith(List.of(small, stored, large));
    List<JsonNode> hits = hits(get("result", 200));
    assertThat(hits.get(0).path("payload").asText()).isEqualTo("a");
    assertThat(hits.get(0).has("payload_bytes")).isFalse();
    assertThat(hits.get(0).at("/target/id").asText()).isEqualTo(small.origin().targetId());
    assertThat(hits.get(0).at("/target/type").asText()).isEqualTo("Video");
    assertThat(hits.get(0).at("/creator/id").asText()).isEqualTo(small.origin().creatorId());
    assertThat(hits.get(0).path("latest").asBoolean()).isTrue();
    assertThat(hits.get(0).has("visible")).isFalse();
    assertThat(hits.get(0).has("run")).isFalse();
    assertThat(hits.get(1).path("payload").asText()).hasSize(20_000 - 2);
    assertThat(hits.get(1).path("payload_bytes").asInt()).isEqualTo(20_000);
    assertThat(hits.get(1).has("payload_url")).isFalse();
    assertThat(hits.get(2).has("payload")).isFalse();
    assertThat(hits.get(2).path("payload_bytes").asInt()).isEqualTo(256 * 1024 + 1);
    assertThat(hits.get(2).path("payload_url").asText())
        .isEqualTo("/result/" + large.id() + "/payload");
  }

  @Test
  void pageShowsAtMostEightMebibytesOfStoredPayloads() {
    List<Result> all =
        Stream.generate(() -> ResultSamples.stored(payloads, ResultSamples.json(256 * 1024)))
            .limit(34)
            .toList();
    respondWith(all);
    List<JsonNode> hits = hits(get("result", 200));
    assertThat(hits).hasSize(34);
    assertThat(hits.subList(0, 32)).allMatch(hit -> hit.has("payload"));
    assertThat(hits.subList(32, 34)).allMatch(hit -> hit.has("payload_url") && !hit.has("payload"));
  }

  @Test
  void pageContainsAllPayloadsOnRequest() {
    String json = ResultSamples.json(1 << 20);
    Result large = ResultSamples.stored(payloads, json);
    respondWith(List.of(large, ResultSamples.small(NullNode.instance), large));
    JsonNode response = getWith("result", "payload", "full", 200);
    List<JsonNode> hits = hits(response);
    assertThat(hits.get(0).path("payload").toString()).isEqualTo(json);
    assertThat(hits.get(1).has("payload")).isTrue();
    assertThat(hits.get(1).path("payload").isNull()).isTrue();
    assertThat(hits.get(2).path("payload").toString()).isEqualTo(json);
    assertThat(hits).noneMatch(hit -> hit.has("payload_url"));
    assertThat(response.path("total").asInt()).isEqualTo(3);
  }

  @Test
  void pageShowsAddressOfPayloadThatIsBeingDeleted() {
    Result stored = ResultSamples.stored(payloads, ResultSamples.json(20_000));
    payloads.remove(stored.id(), 20_000).toCompletableFuture().join();
    respondWith(List.of(stored));
    assertThat(hits(get("result", 200)).get(0).has("payload_url")).isTrue();
  }

  @Test
  void rejectsFullTextSearchOfResults() {
    JsonNode response = getWith("result", "q", "words", 400);
    assertThat(response.at("/errors/0/pointer").asText()).isEqualTo("q");
    assertThat(response.at("/errors/0/detail").asText())
        .contains("payload.…")
        .doesNotContain(" q,");
  }
}
