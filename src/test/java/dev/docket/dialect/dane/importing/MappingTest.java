package dev.docket.dialect.dane.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.dialect.dane.importing.ResultMapping.ResultWithPayload;
import dev.docket.document.Document;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps single records of DANE's index. */
final class MappingTest {

  private static final DaneTimes TIMES = new DaneTimes(ZoneId.of("Europe/Amsterdam"));
  private static final Instant NOW = MemoryImport.NOW;
  private static final DecisionContext CONTEXT =
      new DecisionContext(NOW, "0123456789abcdef0123456789abcdef", 0.5);

  private static final String DOCUMENT =
      """
      {"target":{"id":12345,"url":"http://x.example/a","type":"Video","size":3,"id2":null},
       "creator":{"id":"cr","type":"Human","name":"Jan","role":"owner"},
       "created_at":"2021-01-31T12:00:00","updated_at":"2021-07-31T12:00:00","role":"document",
       "note":"kept"}
      """;

  private static final String TASK =
      """
      {"task":{"key":"ok","state":200,"msg":"Success","priority":3,"args":{"b":1.50,"a":null}},
       "role":{"name":"task","parent":"d"},
       "created_at":"2021-01-31T12:00:00","updated_at":"2021-01-31T12:01:00"}
      """;

  private static final String RESULT =
      """
      {"result":{"generator":{"id":"rev","type":"Software","name":"X","homepage":"h","n":1,"z":null},
        "payload":{"x":1.50,"deep":{"\\ud83d\\ude00":[]}}},
       "role":{"name":"result","parent":"t"},
       "created_at":"2021-01-31T12:00:00","updated_at":"2021-01-31T12:01:00"}
      """;

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) DaneJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Mapped<Document> document(ObjectNode source) throws Unmappable {
    return new DocumentMapping(TIMES, NOW)
        .map(new DaneHit(DaneSampleData.sha1("12345cr"), "", source));
  }

  private static Mapped<ImportedTask> task(ObjectNode source) throws Unmappable {
    return new TaskMapping(TIMES, MemoryImport.POLICIES, NOW)
        .map(new DaneHit("t", "d", source), document(json(DOCUMENT)).value());
  }

  private static Mapped<ImportedTask> task(int state) throws Unmappable {
    ObjectNode source = json(TASK);
    ((ObjectNode) source.path("task")).put("state", state);
    return task(source);
  }

  private static Task record(ImportedTask task, ResultRun run) {
    return task.state().isFinished()
        ? task.ended(run, CONTEXT)
        : task.released(run, task.held(run, CONTEXT), CONTEXT);
  }

  private static Mapped<ResultWithPayload> result(ObjectNode source) throws Unmappable {
    return new ResultMapping(TIMES, 300_000, NOW)
        .map(new DaneHit("-result", "t", source), task(200).value());
  }

  @Test
  void documentKeepsAllKeysAndItsTimes() throws Unmappable {
    Mapped<Document> mapped = document(json(DOCUMENT));

    Document document = mapped.value();
    assertThat(document.target().id()).isEqualTo("12345");
    assertThat(document.target().extra()).containsEntry("size", 3).containsEntry("id2", null);
    assertThat(document.creator().name()).isEqualTo("Jan");
    assertThat(document.creator().extra()).containsOnlyKeys("role");
    assertThat(document.metadata()).containsOnlyKeys("note").containsEntry("note", "kept");
    assertThat(document.createdAt()).as("winter").isEqualTo("2021-01-31T11:00:00Z");
    assertThat(document.updatedAt()).as("summer").isEqualTo("2021-07-31T10:00:00Z");
    assertThat(mapped.changes()).containsExactly(ImportFinding.NUMERIC_ID);
  }

  @Test
  void reportsDocumentWithAnotherId() throws Unmappable {
    ObjectNode source = json(DOCUMENT);
    ((ObjectNode) source.path("target")).put("id", "other");

    assertThat(document(source).changes()).containsExactly(ImportFinding.OTHER_ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"created_at", "updated_at"})
  void replacesMissingTime(String field) throws Unmappable {
    ObjectNode source = json(DOCUMENT);
    source.remove(field);

    Mapped<Document> mapped = document(source);

    assertThat(mapped.changes()).contains(ImportFinding.NO_TIME);
    assertThat(mapped.value().createdAt()).isEqualTo(mapped.value().updatedAt());
    source.put("created_at", "yesterday").remove("updated_at");
    assertThat(document(source).value().createdAt()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "/target,id,",
    "/target,id,''",
    "/target,url,",
    "/target,type,Film",
    "/creator,id,",
    "/creator,type,Robot"
  })
  void rejectsInvalidDocument(String object, String field, String value) {
    ObjectNode source = json(DOCUMENT);
    ((ObjectNode) source.at(object)).put(field, value);

    assertFinding(() -> document(source), ImportFinding.INVALID_DOCUMENT);
  }

  @Test
  void rejectsIdsThatDocketCannotHave() {
    DaneHit hit = new DaneHit("a/b", "t", json(RESULT));

    assertFinding(
        () -> new DocumentMapping(TIMES, NOW).map(new DaneHit("a/b", "", json(DOCUMENT))),
        ImportFinding.INVALID_ID);
    assertFinding(
        () -> new ResultMapping(TIMES, 1_000, NOW).map(hit, task(200).value()),
        ImportFinding.INVALID_ID);
  }

  @Test
  void taskKeepsIdArgumentsAndUnknownKeys() throws Unmappable {
    ObjectNode source = json(TASK).put("batch", 7);
    ((ObjectNode) source.path("task")).put("speed", 2).put("priority", 12);

    Mapped<ImportedTask> mapped = task(source);

    ImportedTask task = mapped.value();
    assertThat(task.id().value()).isEqualTo("t");
    assertThat(task.spec().key().value()).isEqualTo("OK");
    assertThat(DaneJson.MAPPER.valueToTree(task.spec().args()).toString())
        .isEqualTo("{\"speed\":2,\"b\":1.50,\"a\":null}");
    assertThat(task.spec().meta()).containsOnlyKeys("batch");
    assertThat(task.spec().priority()).isEqualTo(10);
    assertThat(task.spec().protocol()).as("follows its key").isNull();
    assertThat(task.protocol()).isEqualTo("dane");
    assertThat(mapped.changes()).containsExactly(ImportFinding.OTHER_PRIORITY);
  }

  @ParameterizedTest
  @CsvSource({
    "102, 201,", "200, 200,", "201, 201,", "205, 201,", "400, 400, 400", "403, 403, 403",
    "404, 404, 404", "412, 412,", "418, 500, 418", "422, 422,", "500, 500, 500", "502, 201,",
    "503, 201,", "408, 500, 408", "424, 500, 424", "999, 500, 999", "-1, 500, -1"
  })
  void mapsStates(int dane, int docket, Integer answered) throws Unmappable {
    Task task = record(task(dane).value(), null);

    assertThat(task.state().number()).isEqualTo(docket);
    assertThat(task.run().answeredState()).isEqualTo(answered);
    assertThat(task.message()).isEqualTo("Success");
    assertThat(task.run().finishedAt() != null).isEqualTo(task.state().isFinished());
  }

  @Test
  void readsStateThatIsText() throws Unmappable {
    ObjectNode source = json(TASK);
    ((ObjectNode) source.path("task")).put("state", "404");
    assertThat(task(source).value().state()).isEqualTo(TaskState.NOT_FOUND);

    ((ObjectNode) source.path("task")).put("state", "done");
    assertFinding(() -> task(source), ImportFinding.INVALID_STATE);
  }

  @Test
  void rejectsInvalidKey() {
    ObjectNode source = json(TASK);
    ((ObjectNode) source.path("task")).put("key", "A.B");

    assertFinding(() -> task(source), ImportFinding.INVALID_KEY);
  }

  @Test
  void heldTaskIsNotDueBeforeItsRelease() throws Unmappable {
    ImportedTask imported = task(412).value();

    Task held = imported.held(null, CONTEXT);
    assertThat(ImportedTask.isHeld(held)).isTrue();
    assertThat(held.outboxDue().orElseThrow()).isAfter(NOW.plusSeconds(1_000_000_000));

    Task released = imported.released(null, held, CONTEXT);
    assertThat(ImportedTask.isHeld(released)).isFalse();
    assertThat(released.waitAny()).isTrue();
    assertThat(released.spec().onDependencyFailure()).isEqualTo(OnDependencyFailure.WAIT);
    assertThat(released.outbox())
        .extracting(pending -> (Object) pending.effect())
        .containsExactly(new Effect.Register(List.of()), new Effect.Publish(1));
    assertThat(released.outbox().get(1).due()).isEqualTo(released.run().dueAt()).isAfter(NOW);
  }

  @Test
  void nextRunIsNotTheOneThatLeftResults() throws Unmappable {
    ImportedTask unfinished = task(502).value();
    ResultRun run = ResultRun.saved(1, unfinished.resultsRun(), List.of(new ResultId("r")));

    assertThat(record(unfinished, run).run().attempt()).isEqualTo(2);
    assertThat(record(unfinished, null).run().attempt()).isEqualTo(1);
    assertThat(record(task(500).value(), run).run().attempt()).isEqualTo(1);
    assertThat(record(unfinished, run).resultRuns()).containsExactly(run);
  }

  @Test
  void smallPayloadStaysInItsResult() throws Unmappable {
    Mapped<ResultWithPayload> mapped = result(json(RESULT));

    ResultWithPayload value = mapped.value();
    assertThat(value.large()).isNull();
    JsonNode payload = value.result().payload();
    assertThat(payload).hasToString("{\"x\":1.50,\"deep\":{\"\ud83d\ude00\":[]}}");
    assertThat(value.result().generator()).hasSize(5).containsEntry("n", "1");
    assertThat(value.result().createdAt()).isEqualTo("2021-01-31T11:00:00Z");
    assertThat(value.result().visible() && value.result().latest()).isTrue();
    assertThat(mapped.changes()).isEmpty();
  }

  @Test
  void largePayloadIsStoredApart() throws Unmappable {
    ObjectNode source = json(RESULT);
    ((ObjectNode) source.path("result")).putObject("payload").put("text", "w".repeat(10_000));

    ResultWithPayload searched = result(source).value();
    assertThat(searched.result().payload()).isNull();
    assertThat(searched.result().payloadBytes()).isEqualTo(10_011);
    assertThat(new String(searched.large(), StandardCharsets.UTF_8)).startsWith("{\"text\":\"ww");
    assertThat(searched.searched()).isNotNull();

    ((ObjectNode) source.path("result")).putObject("payload").put("text", "w".repeat(270_000));
    assertThat(result(source).value().searched()).as("searchable copy").isNull();

    ((ObjectNode) source.path("result")).putObject("payload").put("text", "w".repeat(300_000));
    assertFinding(() -> result(source), ImportFinding.PAYLOAD_TOO_LARGE);
  }

  @Test
  void resultWithoutPayloadHasAnEmptyOne() throws Unmappable {
    ObjectNode source = json(RESULT);
    ((ObjectNode) source.path("result")).remove("payload");
    ((ObjectNode) source.path("result")).put("other", 1);

    Mapped<ResultWithPayload> mapped = result(source);

    assertThat(mapped.value().result().payload()).hasToString("{}");
    assertThat(mapped.changes()).containsExactly(ImportFinding.DROPPED_KEYS);
  }

  private interface Mapping {
    Object map() throws Unmappable;
  }

  private static void assertFinding(Mapping mapping, ImportFinding finding) {
    assertThatThrownBy(mapping::map)
        .isInstanceOfSatisfying(Unmappable.class, e -> assertThat(e.finding()).isEqualTo(finding));
  }
}
