package dev.docket.elastic.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.audit.AuditRecord;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.TargetType;
import dev.docket.result.Result;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskSpec;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecordCodecTest {

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void keepsEveryFieldOfTask(@ForAll long seed) throws Exception {
    assertRoundTrip(RecordCodec.TASK, new RandomRecords(seed).record(Task.class));
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void keepsEveryFieldOfDocument(@ForAll long seed) throws Exception {
    assertRoundTrip(RecordCodec.DOCUMENT, new RandomRecords(seed).record(Document.class));
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void keepsEveryFieldOfResult(@ForAll long seed) throws Exception {
    assertRoundTrip(RecordCodec.RESULT, new RandomRecords(seed).record(Result.class));
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void keepsEveryFieldOfAuditRecord(@ForAll long seed) throws Exception {
    assertRoundTrip(RecordCodec.AUDIT, new RandomRecords(seed).record(AuditRecord.class));
  }

  /** The results of the only run were deleted while they were being stored. */
  @Test
  void keepsEmptyListWhileResultsAreStored() throws Exception {
    ResultRun run = new ResultRun(1, "run", "c1", 1, List.of());
    ResultDraft draft = new ResultDraft(NullNode.instance, Map.of());
    Task task =
        TaskSamples.withOutbox(
            TaskSamples.task("ASR"), new Effect.StoreResults(run, List.of(draft), null));

    assertRoundTrip(RecordCodec.TASK, task);
  }

  private static <T> void assertRoundTrip(RecordCodec<T> codec, T value) throws Exception {
    byte[] json = codec.write(value);
    assertThat(json).doesNotContain((byte) '\n');
    assertThat(codec.read(json, 0, json.length)).isEqualTo(value);
    assertThat(codec.read(RecordJson.mapper().readTree(json))).isEqualTo(value);
  }

  private static <T> JsonNode json(RecordCodec<T> codec, T value) throws Exception {
    return RecordJson.mapper().readTree(codec.write(value));
  }

  @Test
  void writesTaskFlatInSnakeCase() throws Exception {
    JsonNode json = json(RecordCodec.TASK, TaskSamples.task("ASR"));
    assertThat(json.path("state").asInt()).isEqualTo(201);
    assertThat(json.path("key").asText()).isEqualTo("ASR");
    assertThat(json.path("submitted_by").asText()).isEqualTo("tester");
    assertThat(json.at("/document/target/type").asText()).isEqualTo("Video");
    assertThat(json.path("created_at").asText()).isEqualTo("2026-03-01T12:00:00.123Z");
    assertThat(json.path("outbox_due").asText()).isEqualTo("2026-03-01T12:00:30.123Z");
    assertThat(json.at("/outbox/0/effect/kind").asText()).isEqualTo("publish");
  }

  /** Earlier releases recorded no principal. */
  @Test
  void readsHistoryOfEarlierRelease() throws Exception {
    Task task = TaskSamples.task("ASR");
    ObjectNode json = (ObjectNode) json(RecordCodec.TASK, task);
    assertThat(json.at("/history/0/principal").asText()).isEqualTo("tester");

    ((ObjectNode) json.at("/history/0")).remove("principal");

    assertThat(RecordCodec.TASK.read(json).history().get(0).principal()).isNull();
    assertThat(RecordCodec.TASK.read(json).history().get(0).by()).isEqualTo("create tester");
  }

  /** Earlier releases had no field that says whether a task follows its key. */
  @Test
  void taskOfEarlierReleaseKeepsItsProtocol() throws Exception {
    Task following =
        TaskMachine.create(
            new TaskId("t"),
            TaskSpec.builder(
                    TaskSpec.DocumentCopy.of(DocumentSamples.document()),
                    new TaskKey("ASR"),
                    null,
                    "ann")
                .build(),
            List.of(),
            null,
            TaskSamples.context(DocumentSamples.CREATED).withProtocol("dane"));
    ObjectNode json = (ObjectNode) json(RecordCodec.TASK, following);
    assertThat(json.path("courier").asText()).isEqualTo("dane");
    assertThat(json.path("courier_of_key").asBoolean()).isTrue();
    assertThat(RecordCodec.TASK.read(json).spec().protocol()).isNull();

    json.remove("courier_of_key");

    assertThat(RecordCodec.TASK.read(json).spec().protocol()).isEqualTo("dane");
    assertThat(RecordCodec.TASK.read(json).run().protocol()).isEqualTo("dane");
    assertThat(json(RecordCodec.TASK, TaskSamples.task("ASR")).has("courier_of_key"))
        .as("a pinned task")
        .isFalse();
  }

  @Test
  void omitsAbsentValues() throws Exception {
    JsonNode json = json(RecordCodec.TASK, TaskSamples.task("ASR"));
    assertThat(json.findValues("lease")).isEmpty();
    assertThat(json.has("args")).isFalse();
    assertThat(json.has("extra")).isFalse();
    assertThat(json.at("/document/target").has("extra")).isFalse();
    assertThat(json.has("args_search")).isFalse();
  }

  @Test
  void keepsNullsInFreeFormJson() throws Exception {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("nothing", null);
    Document document = DocumentSamples.document("a", TargetType.TEXT, "b", metadata);
    JsonNode json = json(RecordCodec.DOCUMENT, document);
    assertThat(json.path("metadata").has("nothing")).isTrue();
    assertThat(json.has("metadata_search")).isFalse();
  }

  @Test
  void writesSearchableCopiesOfMetadata() throws Exception {
    Map<String, Object> metadata = Map.of("title", Map.of("nl", "De Nachtwacht"));
    Document document = DocumentSamples.document("a", TargetType.IMAGE, "b", metadata);
    JsonNode json = json(RecordCodec.DOCUMENT, document);
    assertThat(json.at("/words/0").asText()).isEqualTo("De Nachtwacht");
    assertThat(json.at("/metadata_search/title/nl").asText()).isEqualTo("De Nachtwacht");
  }

  @Test
  void rejectsInvalidRecords() {
    for (String json :
        new String[] {"", "[]", "null", "{}", "{\"id\":\"a b\"}", "{\"id\":\"a\",\"new\":1}"}) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> RecordCodec.TASK.read(bytes, 0, bytes.length))
          .as(json)
          .isInstanceOf(RecordCodec.Unreadable.class);
    }
  }

  /** Records that a server of the release before {@code answered_state} has written. */
  @ParameterizedTest
  @CsvSource({"ended-task.json,500,0", "delayed-task.json,201,1"})
  void readsTaskRecordWithoutAnsweredState(String file, int state, int effects) throws Exception {
    byte[] json;
    try (var resource =
        RecordCodecTest.class.getResourceAsStream("/upgrade/answered-state/" + file)) {
      json = resource.readAllBytes();
    }
    Task task = RecordCodec.TASK.read(json, 0, json.length);
    assertThat(task.state().number()).isEqualTo(state);
    assertThat(task.run().answeredState()).isNull();
    assertThat(task.outbox()).hasSize(effects);
    ObjectNode expected = (ObjectNode) RecordJson.mapper().readTree(json);
    // Replaced by the list of saved results.
    expected.remove("saved_results");
    assertThat(RecordJson.mapper().readTree(RecordCodec.TASK.write(task))).isEqualTo(expected);
  }

  @Test
  void readsLeasesThatNameNoProcess() throws Exception {
    String records;
    try (var resource = RecordCodecTest.class.getResourceAsStream("/upgrade/leases/tasks.ndjson")) {
      records = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String record : records.lines().toList()) {
      byte[] json = record.getBytes(StandardCharsets.UTF_8);
      Task task = RecordCodec.TASK.read(json, 0, json.length);
      assertThat(task.run().unreportedGrants()).isZero();
      if (task.run().lease() != null) {
        assertThat(task.run().lease().instance()).isNull();
        assertThat(task.run().lease().silenceTimeout())
            .isEqualTo(Duration.ofSeconds(task.key().value().equals("GRANTED") ? 30 : 90));
      }
      assertThat(RecordJson.mapper().readTree(RecordCodec.TASK.write(task)))
          .isEqualTo(RecordJson.mapper().readTree(json));
    }
    assertThat(records.lines()).hasSize(4);
  }

  /**
   * Effects that the release before had and never performed, and the fields that went with them.
   */
  @Test
  void dropsRemovedEffectsAndFields() throws Exception {
    Map<String, List<Effect>> outboxes = new LinkedHashMap<>();
    for (String record : lines("/upgrade/effects/tasks.ndjson")) {
      Task task = RecordCodec.TASK.read(record.getBytes(StandardCharsets.UTF_8), 0, length(record));
      outboxes.put(task.id().value(), task.outbox().stream().map(PendingEffect::effect).toList());
      ObjectNode expected = (ObjectNode) RecordJson.mapper().readTree(record);
      expected.remove(List.of("callback", "outbox", "outbox_due"));
      ObjectNode written = (ObjectNode) RecordJson.mapper().readTree(RecordCodec.TASK.write(task));
      written.remove(List.of("outbox", "outbox_due"));
      assertThat(written).isEqualTo(expected);
    }
    Effect deletion = new Effect.DeleteResults(List.of());
    assertThat(outboxes)
        .containsExactly(
            Map.entry("cancelled", List.of()),
            Map.entry("deleted", List.of(deletion)),
            Map.entry("ended", List.of()),
            Map.entry("ended-with-dependents", List.of(new Effect.Wake())));
    for (String record : lines("/upgrade/effects/results.ndjson")) {
      Result result =
          RecordCodec.RESULT.read(record.getBytes(StandardCharsets.UTF_8), 0, length(record));
      assertThat(RecordJson.mapper().readTree(RecordCodec.RESULT.write(result)).has("files"))
          .isFalse();
    }
  }

  /** A task with pending effects is never expired, so one that is never performed would keep it. */
  @Test
  void removesTasksWithRemovedEffects() throws Exception {
    for (String record : lines("/upgrade/effects/tasks.ndjson")) {
      Task task = RecordCodec.TASK.read(record.getBytes(StandardCharsets.UTF_8), 0, length(record));
      Set<String> effects =
          task.outbox().stream().map(PendingEffect::id).collect(Collectors.toSet());
      for (Command command :
          List.of(
              new Command.TakeOverdue(task.updatedAt().plusSeconds(120)),
              new Command.EffectsDone(effects),
              new Command.Expire())) {
        task =
            TaskMachine.apply(
                    task,
                    command,
                    TaskSamples.POLICY,
                    TaskSamples.context(task.updatedAt().plusSeconds(60)))
                .task();
      }
      assertThat(task.deleted()).as(record).isTrue();
      assertThat(task.outbox())
          .extracting(PendingEffect::effect)
          .allMatch(Effect.DeleteResults.class::isInstance);
    }
  }

  private static List<String> lines(String name) throws IOException {
    try (var resource = RecordCodecTest.class.getResourceAsStream(name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static int length(String record) {
    return record.getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void rejectsUnknownField() throws Exception {
    String json =
        new String(RecordCodec.TASK.write(TaskSamples.task("ASR")), StandardCharsets.UTF_8)
            .replaceFirst("\\{", "{\"newer\":1,");
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> RecordCodec.TASK.read(bytes, 0, bytes.length))
        .isInstanceOf(RecordCodec.Unreadable.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void replacesUnpairedSurrogatesInNames() throws Exception {
    Map<String, Object> metadata = Map.of("\uD83D\uDCFC", 1, "a\uD800b", 2, "\uDC00\uD800", 3);
    Document document = DocumentSamples.document("a", TargetType.TEXT, "b", metadata);
    byte[] json = RecordCodec.DOCUMENT.write(document);
    assertThat(RecordCodec.DOCUMENT.read(json, 0, json.length).metadata())
        .isEqualTo(Map.of("\uD83D\uDCFC", 1, "a\uFFFDb", 2, "\uFFFD\uFFFD", 3));
  }

  @Test
  void rejectsTooDeeplyNestedValue() {
    Map<String, Object> deep = Map.of();
    for (int i = 0; i < 1_100; i++) {
      deep = Map.of("k", deep);
    }
    Document document = DocumentSamples.document("a", TargetType.TEXT, "b", deep);
    assertThatThrownBy(() -> RecordCodec.DOCUMENT.write(document))
        .isInstanceOf(RecordCodec.Unwritable.class);
  }
}
