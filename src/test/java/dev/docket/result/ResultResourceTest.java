package dev.docket.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.docket.audit.MemoryAuditStore;
import dev.docket.auth.RejectionListener;
import dev.docket.auth.TestKeys;
import dev.docket.auth.http.AuthFeature;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentService;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.batch.StreamedArray;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.NoOutbox;
import dev.docket.task.OnePolicy;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.machine.TaskBuilder;
import io.dropwizard.jersey.jackson.JacksonMessageBodyProvider;
import io.dropwizard.testing.junit5.DropwizardClientExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests results over a real connection, because payloads are streamed. */
@ExtendWith(DropwizardExtensionsSupport.class)
final class ResultResourceTest {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();
  private static final int LARGE = 1 << 20;

  private static final MemoryDocumentStore documents = new MemoryDocumentStore();
  private static final MemoryTaskStore tasks = new MemoryTaskStore();
  private static final MemoryResultStore stored = new MemoryResultStore();
  private static final MemoryPayloadStore storedPayloads = new MemoryPayloadStore();
  private static final Payloads payloads =
      new Payloads(storedPayloads, JSON, Clock.systemUTC(), 16 << 20);
  private static final TaskService taskService =
      new TaskService(
          tasks,
          new OnePolicy(TaskSamples.POLICY),
          () -> TaskSamples.context(DocumentSamples.CREATED),
          new NoOutbox(),
          CurrentDocuments.NEVER_CHANGED,
          List.of());

  private static final ResultService resultService =
      new ResultService(stored, payloads, taskService);
  private static final SavedResults savedResults =
      new SavedResults(stored, resultService, taskService, Clock.systemUTC());

  static final DropwizardClientExtension server =
      new DropwizardClientExtension(
          new ErrorsFeature(),
          new JacksonMessageBodyProvider(JSON),
          new AuthFeature(TestKeys.authenticator(), RejectionListener.NONE),
          new ResultResource(
              resultService,
              new AuditedResults(resultService, savedResults, new MemoryAuditStore().log()),
              payloads,
              taskService,
              tasks,
              new DocumentService(documents, Clock.systemUTC(), () -> "token"),
              new StreamedArray(JSON)));

  private final HttpClient http = HttpClient.newHttpClient();
  private final Document document = DocumentSamples.document();
  private final Task task = TaskSamples.task(document, "ASR", DocumentSamples.CREATED);
  private final List<ResultRun> runs = new ArrayList<>();

  @BeforeEach
  void reset() {
    storedPayloads.failReads(false);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** Stores the results of a run with these payloads, and returns their ids. */
  private List<ResultId> givenRun(int attempt, String... jsons) {
    ResultRun run = new ResultRun(attempt, "run" + attempt, "c", jsons.length, List.of());
    List<ResultId> ids = run.resultIds(task.id());
    for (int i = 0; i < jsons.length; i++) {
      byte[] json = jsons[i].getBytes(StandardCharsets.UTF_8);
      ResultDraft draft = new ResultDraft(tree(jsons[i]), Map.of());
      if (json.length > ResultSubmissions.MAX_RECORD_BYTES) {
        draft = ResultDraft.stored(json.length, Map.of());
        join(payloads.store(ids.get(i), new PayloadPart.Owner(task.id(), 1, "r", "c"), json));
      }
      join(stored.create(Result.of(task, run, ids.get(i), draft, task.createdAt()), null));
    }
    runs.add(run);
    return ids;
  }

  /** Stores the task with its runs. */
  private void givenTask() {
    TaskBuilder builder = new TaskBuilder(task, TaskSamples.context(task.updatedAt()));
    builder.resultRuns.addAll(runs);
    join(documents.create(document));
    join(tasks.create(builder.build()));
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.baseUri() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private JsonNode get(String path, int status) throws Exception {
    HttpResponse<String> response = send("GET", path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return tree(response.body());
  }

  private List<Integer> attempts(String query) throws Exception {
    List<Integer> attempts = new ArrayList<>();
    get("/task/" + task.id() + "/results" + query, 200)
        .forEach(result -> attempts.add(result.path("attempt").asInt()));
    return attempts;
  }

  @Test
  void resultContainsWholePayload() throws Exception {
    String large = ResultSamples.json(LARGE);
    List<ResultId> ids = givenRun(1, large, "null");
    givenTask();

    JsonNode result = get("/result/" + ids.get(0), 200);

    assertThat(result.path("payload")).isEqualTo(tree(large));
    assertThat(result.path("payload_bytes").asInt()).isEqualTo(LARGE);
    assertThat(result.has("payload_url")).isFalse();
    assertThat(result.at("/target/id").asText()).isEqualTo(document.target().id());
    assertThat(result.path("latest").asBoolean()).isTrue();
    assertThat(get("/result/" + ids.get(1), 200).path("payload")).isEqualTo(NullNode.instance);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{\"a\":[1,true]}", "\"text\"", "17"})
  void smallPayloadIsJson(String json) throws Exception {
    ResultId id = givenRun(1, json).get(0);
    givenTask();

    HttpResponse<String> response = send("GET", "/result/" + id + "/payload");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body()).isEqualTo(json);
  }

  @Test
  void storedPayloadIsReturnedAsItWasSent() throws Exception {
    String indented = "{\r\n  \"long\":\n" + ResultSamples.json(600_000) + "\n}\n";
    ResultId id = givenRun(1, indented).get(0);
    givenTask();

    HttpResponse<String> response = send("GET", "/result/" + id + "/payload");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(indented.length());
    assertThat(response.body()).isEqualTo(indented);
  }

  @Test
  void headRequestsReadNoPayload() throws Exception {
    ResultId id = givenRun(1, ResultSamples.json(LARGE)).get(0);
    givenTask();
    storedPayloads.failReads(true);
    for (String path :
        List.of(
            "/result/" + id,
            "/task/" + task.id() + "/results?payload=full",
            "/document/" + document.id() + "/results?payload=full")) {
      assertThat(send("HEAD", path).statusCode()).as(path).isEqualTo(200);
      assertThat(send("GET", path).statusCode()).as(path).isEqualTo(503);
    }
    HttpResponse<String> payload = send("HEAD", "/result/" + id + "/payload");
    assertThat(payload.statusCode()).isEqualTo(200);
    assertThat(payload.headers().firstValueAsLong("Content-Length")).hasValue(LARGE);
    assertThat(send("HEAD", "/result/unknown/payload").statusCode()).isEqualTo(404);
  }

  @Test
  void resultOfUnlistedRunIs404() throws Exception {
    ResultId id = givenRun(1, "1").get(0);
    runs.clear();
    givenTask();

    get("/result/" + id, 404);
    get("/result/" + id + "/payload", 404);
    assertThat(send("DELETE", "/result/" + id).statusCode()).isEqualTo(404);
    get("/result/unknown", 404);
  }

  @Test
  void connectionIsAbortedIfPayloadEndsEarly() {
    ResultId id = givenRun(1, ResultSamples.json(LARGE)).get(0);
    givenTask();
    join(storedPayloads.remove(id, 3));

    assertThatThrownBy(() -> send("GET", "/result/" + id)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> send("GET", "/result/" + id + "/payload"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void selectsRunsOfTask() throws Exception {
    givenRun(1, "1");
    givenRun(3, "3", "3");
    givenRun(4, "4");
    givenTask();

    assertThat(attempts("")).containsExactly(4);
    assertThat(attempts("?attempt=3")).containsExactly(3, 3);
    assertThat(attempts("?attempt=2")).isEmpty();
    assertThat(attempts("?attempt=999999999")).isEmpty();
    assertThat(attempts("?all=true")).containsExactly(1, 3, 3, 4);
    assertThat(attempts("?all=false")).containsExactly(4);
    assertThat(attempts("?all=false&attempt=1")).containsExactly(1);
  }

  @Test
  void taskWithoutResultsHasEmptyList() throws Exception {
    givenTask();
    assertThat(attempts("")).isEmpty();
    assertThat(attempts("?all=true")).isEmpty();
    get("/task/unknown/results", 404);
  }

  @ParameterizedTest
  @CsvSource({
    "attempt=x,attempt,must be the number of an attempt",
    "attempt=,attempt,must be the number of an attempt",
    "attempt=0,attempt,from 1",
    "attempt=-1,attempt,from 1",
    "attempt=99999999999,attempt,must be the number of an attempt",
    "all=maybe,all,must be true or false",
    "all=,all,must be true or false",
    "all=true&attempt=1,attempt,must be omitted with all=true",
    "payload=small,payload,must be full or omitted"
  })
  void rejectsInvalidParameterByName(String query, String name, String message) throws Exception {
    givenTask();
    JsonNode error = get("/task/" + task.id() + "/results?" + query, 400).at("/errors/0");
    assertThat(error.path("pointer").asText()).isEqualTo(name);
    assertThat(error.path("detail").asText()).contains(message);
  }

  @Test
  void listsContainLargePayloadsOnRequestOnly() throws Exception {
    String medium = ResultSamples.json(PayloadPart.BYTES);
    String large = ResultSamples.json(PayloadPart.BYTES + 1);
    List<ResultId> ids = givenRun(1, "\"small\"", medium, large);
    givenTask();
    for (String path :
        List.of("/task/" + task.id() + "/results", "/document/" + document.id() + "/results")) {
      JsonNode listed = get(path, 200);
      assertThat(listed).hasSize(3);
      assertThat(listed.at("/0/payload")).isEqualTo(new TextNode("small"));
      assertThat(listed.at("/1/payload")).isEqualTo(tree(medium));
      assertThat(listed.at("/2").has("payload")).isFalse();
      assertThat(listed.at("/2/payload_bytes").asInt()).isEqualTo(large.length());
      String url = listed.at("/2/payload_url").asText();
      assertThat(url).isEqualTo("/result/" + ids.get(2) + "/payload");
      assertThat(send("GET", url).body()).isEqualTo(large);

      JsonNode whole = get(path + "?payload=full", 200);
      assertThat(whole.at("/1/payload")).isEqualTo(tree(medium));
      assertThat(whole.at("/2/payload")).isEqualTo(tree(large));
      assertThat(whole.at("/2").has("payload_url")).isFalse();
      get(path + "?payload=no", 400);
    }
    get("/document/unknown/results", 404);
  }

  @Test
  void deletesResultWithPayload() throws Exception {
    ResultId id = givenRun(1, ResultSamples.json(LARGE)).get(0);
    givenTask();

    assertThat(send("DELETE", "/result/" + id).statusCode()).isEqualTo(204);

    get("/result/" + id, 404);
    assertThat(storedPayloads.all()).noneMatch(part -> part.result().equals(id));
    assertThat(attempts("")).isEmpty();
  }
}
