package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.http.ErrorsFeature;
import dev.docket.result.Result;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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

  private static final ResourceExtension resources =
      ResourceExtension.builder()
          .setMapper(JSON)
          .setRegisterDefaultExceptionMappers(false)
          .addProvider(new ErrorsFeature())
          .addResource(
              new SearchResource(
                  ScriptedSearch.tasks(tasks),
                  ScriptedSearch.documents(documents),
                  ScriptedSearch.results(results)))
          .build();

  @BeforeEach
  void reset() {
    tasks.reset();
    documents.reset();
    results.reset();
  }

  private static JsonNode get(String path, int status) {
    try (Response response = resources.target("/search/" + path).request().get()) {
      assertThat(response.getStatus()).as(path).isEqualTo(status);
      return JSON.readTree(response.readEntity(String.class));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode getWith(String path, String name, Object value, int status) {
    try (Response response =
        resources
            .target("/search/" + path)
            .queryParam(name, "{v}")
            .resolveTemplate("v", value, true)
            .request()
            .get()) {
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
    assertThat(getWith("task", "q", "x".repeat(10_000), 400).path("status").asInt()).isEqualTo(400);
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
            new SearchQuery.Filter("payload.format.mime", List.of(new TextPattern("image/*"))));
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
