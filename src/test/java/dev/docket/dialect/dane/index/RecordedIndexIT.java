package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Owner;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.Creator;
import dev.docket.document.CreatorType;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.Target;
import dev.docket.document.TargetType;
import dev.docket.elastic.ElasticFixture;
import dev.docket.result.Result;
import dev.docket.task.ResultId;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The searches of DANE's clients and their answers, as recorded from DANE 0.3.1 with Elasticsearch
 * 7.17. The first line of {@code dane/index.jsonl} has the records of that index, as far as they
 * were recorded; the others are the calls whose answers hold for these records.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecordedIndexIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> calls = new ArrayList<>();
  private final Map<String, Document> documents = new HashMap<>();
  private final Map<String, Task> tasks = new HashMap<>();
  private final List<Result> results = new ArrayList<>();
  private ElasticFixture elastic;
  private LoadedIndex docket;

  @BeforeAll
  void load() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                RecordedIndexIT.class.getResourceAsStream("/dane/index.jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        calls.add(JSON.readTree(line));
      }
    }
    JsonNode records = calls.get(0).path("records");
    records.forEach(hit -> read(hit, "document"));
    records.forEach(hit -> read(hit, "task"));
    records.forEach(hit -> read(hit, "result"));
    elastic = ElasticFixture.open(BACKENDS, "recorded");
    docket = new LoadedIndex(elastic);
    docket.load(List.copyOf(documents.values()), List.copyOf(tasks.values()), results);
  }

  @AfterAll
  void close() {
    if (elastic != null) {
      elastic.close();
    }
  }

  private void read(JsonNode hit, String kind) {
    JsonNode source = hit.path("_source");
    JsonNode role = source.path("role");
    if (!(role.isTextual() ? role : role.path("name")).asText().equals(kind)) {
      return;
    }
    String id = hit.path("_id").asText();
    String parent = role.path("parent").asText();
    if (kind.equals("document")) {
      documents.put(id, document(id, source));
    } else if (kind.equals("task")) {
      tasks.put(id, task(id, source, documents.get(parent)));
    } else if (tasks.containsKey(parent)) {
      results.add(result(id, source, tasks.get(parent)));
    }
  }

  private static Instant time(JsonNode time) {
    return Instant.parse(time.asText() + "Z");
  }

  private static Document document(String id, JsonNode source) {
    JsonNode target = source.path("target");
    JsonNode creator = source.path("creator");
    return new Document(
        new DocumentId(id),
        new Target(
            target.path("id").asText(),
            target.path("url").asText(),
            JSON.convertValue(target.path("type"), TargetType.class),
            Map.of()),
        new Creator(
            creator.path("id").asText(),
            JSON.convertValue(creator.path("type"), CreatorType.class),
            null,
            Map.of()),
        Map.of(),
        time(source.path("created_at")),
        time(source.path("updated_at")),
        Document.FIRST_VERSION,
        null,
        null,
        0,
        null,
        false,
        false,
        Owner.NOBODY,
        "token");
  }

  private static Task task(String id, JsonNode source, Document document) {
    JsonNode task = source.path("task");
    Map<String, Object> args = new HashMap<>();
    task.path("args")
        .properties()
        .forEach(arg -> args.put(arg.getKey(), JSON.convertValue(arg.getValue(), Object.class)));
    TaskSpec spec =
        TaskSpec.builder(
                TaskSpec.DocumentCopy.of(document),
                new TaskKey(task.path("key").asText()),
                "dane",
                "tester")
            .args(args)
            .priority(task.path("priority").asInt())
            .build();
    TaskState state = state(task.path("state").asInt());
    String message = task.path("msg").asText();
    Instant updated = time(source.path("updated_at"));
    Run.Builder run = new Run.Builder(Run.unstarted(1, "run", "dane"));
    run.answeredState = state == TaskState.ERROR ? (Integer) task.path("state").asInt() : null;
    run.finishedAt = state.isFinished() ? updated : null;
    return new Task(
        new TaskId(id),
        spec,
        state, // Docket adds this text itself.
        message.equals("Unroutable task") ? "" : message,
        run.build(),
        null,
        List.of(),
        List.of(),
        false,
        List.of(),
        false,
        List.of(),
        List.of(),
        time(source.path("created_at")),
        updated);
  }

  private static TaskState state(int number) {
    if (number == 102) {
      return TaskState.QUEUED;
    }
    return Stream.of(TaskState.values())
        .filter(state -> state.number() == number)
        .findFirst()
        .orElse(TaskState.ERROR);
  }

  private static Result result(String id, JsonNode source, Task task) {
    Map<String, String> generator = new HashMap<>();
    source
        .at("/result/generator")
        .properties()
        .forEach(part -> generator.put(part.getKey(), part.getValue().asText()));
    return new Result(
        new ResultId(id),
        task.id(),
        task.spec().document().id(),
        task.key(),
        Result.Origin.of(task),
        generator,
        source.at("/result/payload"),
        null,
        1,
        "run",
        true,
        true,
        time(source.path("created_at")));
  }

  @TestFactory
  Stream<DynamicTest> answersAsRecorded() {
    return calls.stream()
        .skip(1)
        .map(call -> DynamicTest.dynamicTest(call.path("body").asText(), () -> replay(call)));
  }

  private void replay(JsonNode call) throws IOException {
    ObjectNode body = (ObjectNode) JSON.readTree(call.path("body").asText());
    String query = URI.create(call.path("path").asText()).getQuery();
    if (query != null) {
      assertThat(query).startsWith("size=");
      body.put("size", query.substring("size=".length()));
    }
    JsonNode expected = JSON.readTree(call.path("answer").asText());
    JsonNode actual = docket.answer(body);
    assertThat(IndexAnswers.differences(expected, actual)).isEmpty();
    if (expected.has("error")) {
      assertThat(actual.path("error").asText())
          .isEqualTo(expected.at("/error/root_cause/0/reason").asText());
    }
  }
}
