package dev.docket.dialect.dane.index;

import static dev.docket.dialect.dane.index.IndexFixture.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import dev.docket.http.Problem;
import dev.docket.http.ServerBusy;
import dev.docket.result.ResultSubmissions;
import dev.docket.task.IllegalTransition;
import dev.docket.task.ResultId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskState;
import dev.docket.task.machine.TaskMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResultSaverTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private IndexFixture index;

  @BeforeEach
  void createIndex() {
    index = new IndexFixture(directory);
  }

  @AfterEach
  void temporaryFilesAreDeleted() {
    assertThat(directory).isEmptyDirectory();
  }

  /** A payload of this size: a JSON string. */
  private static String payload(int bytes) {
    return "\"" + "x".repeat(bytes - 2) + "\"";
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private void assertNothingKept() {
    assertThat(index.records.all()).isEmpty();
    assertThat(index.parts.all()).isEmpty();
    assertThat(join(index.tasks.get(index.task)).run().saved()).isEmpty();
  }

  private void assertRejected(String body, String message) {
    assertThatThrownBy(() -> index.save(body))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining(message);
    assertNothingKept();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "1.50",
        "\"слово 語 \uD83D\uDCFC\"",
        "{}",
        "{\"text\":\"语\",\"n\":[1,null]}"
      })
  void keepsSmallPayloadInRecord(String payload) throws IOException {
    String id = index.savePayload(payload);
    index.end(TaskState.SUCCESS);

    assertThat(id).hasSize(20);
    assertThat(index.parts.all()).isEmpty();
    assertThat(JSON.readTree(index.payload())).isEqualTo(JSON.readTree(payload));
    assertThat(index.record(id).at("/_source/result/payload")).isEqualTo(JSON.readTree(payload));
  }

  @Test
  void keepsLargePayloadOutsideRecord() throws IOException {
    int limit = ResultSubmissions.MAX_RECORD_BYTES;
    for (int bytes : new int[] {limit, limit + 1, 256 * 1024, 256 * 1024 + 1, 3 << 20}) {
      IndexFixture one = new IndexFixture(directory);
      String payload = payload(bytes);

      String id = one.savePayload(payload);
      one.end(TaskState.SUCCESS);

      Long outside = bytes == limit ? null : (long) bytes;
      assertThat(one.records.all())
          .singleElement()
          .satisfies(stored -> assertThat(stored.value().payloadBytes()).isEqualTo(outside));
      assertThat(one.parts.all()).hasSize(bytes == limit ? 0 : (bytes + 262_143) / 262_144);
      assertThat(one.payload()).isEqualTo(payload);
      assertThat(one.record(id).at("/_source/result/payload").toString()).isEqualTo(payload);
    }
  }

  @Test
  void keepsExactPayloadWhateverSurroundsIt() throws IOException {
    String payload = "{\"n\" : 1.500 , \"text\":\"" + "語".repeat(4_000) + "\"}";
    ObjectNode record = (ObjectNode) JSON.readTree(index.body("null"));
    for (String body :
        List.of(
            index.body(payload),
            "{\"role\":"
                + record.path("role")
                + ",\"result\":{\"payload\":"
                + payload
                + " \n, \"generator\":{}}}",
            "\n{ \"result\" : { \"generator\" : {} , \"payload\" :  "
                + payload
                + "  } , \"role\" : "
                + record.path("role")
                + " } \n")) {
      IndexFixture one = new IndexFixture(directory);
      String parent = index.task.value();
      String id = one.save(body.replace(parent, one.task.value()));
      one.end(TaskState.SUCCESS);
      assertThat(
              new String(
                  one.payloads
                      .open(new ResultId(id), payload.getBytes(StandardCharsets.UTF_8).length)
                      .readAllBytes(),
                  StandardCharsets.UTF_8))
          .isEqualTo(payload);
    }
  }

  @Test
  void acceptsDeepPayloadOfUpTo1000Levels() throws IOException {
    String id = index.savePayload(nested(1_000));
    index.end(TaskState.SUCCESS);

    assertThat(index.recordText(id)).contains("\"payload\":" + nested(1_000) + "}");

    IndexFixture other = new IndexFixture(directory);
    for (int depth : new int[] {1_001, 10_000}) {
      assertThatThrownBy(() -> other.savePayload(nested(depth)))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("depth");
    }
    assertThat(other.records.all()).isEmpty();
  }

  @Test
  void readsNamesWithEscapedSurrogates() throws IOException {
    index.savePayload("{\"\\ud83d\\udcfc\":1}");
    index.end(TaskState.SUCCESS);

    assertThat(index.payload()).isEqualTo("{\"\uD83D\uDCFC\":1}");
  }

  @Test
  void rejectsTruncatedBody() {
    String body = index.body(payload(300_000));
    assertRejected(body.substring(0, body.length() - 1), "must be a JSON object");
    assertRejected(body.substring(0, 200_000), "must be a JSON object");
    assertRejected("", "must be a JSON object");
  }

  @Test
  void rejectsInvalidUtf8() {
    for (int bytes : new int[] {10, 300_000}) {
      byte[] body = index.body(payload(bytes)).getBytes(StandardCharsets.UTF_8);
      body[bytes + 20] = (byte) 0xFF;
      assertThatThrownBy(() -> index.save(body))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("UTF-8");
    }
    assertNothingKept();
  }

  @Test
  void rejectsOtherRecords() {
    for (String body :
        List.of(
            "{}",
            "{\"role\":\"document\",\"target\":{}}",
            "{\"doc_id\":\"d\",\"features\":" + payload(100_000) + "}",
            "{\"role\":{\"name\":\"result\",\"parent\":\"" + index.task + "\"},\"result\":[]}")) {
      assertThatThrownBy(() -> index.save(body))
          .isInstanceOf(IndexRejection.class)
          .hasMessageContaining("not a result");
    }
    assertRejected("[]", "must be a JSON object");
    assertRejected(index.body("1").replace(index.task.value(), "no id"), "/role/parent");
    assertNothingKept();
  }

  @Test
  void rejectsMissingPayloadOrGenerator() {
    String body = index.body("1");
    assertRejected(body.replace("payload", "other"), "/result/payload: must be there");
    assertRejected(body.replace("generator", "other"), "/result/generator: must be an object");
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      names.append("\"n").append(i).append("\":1,");
    }
    assertRejected(body.replace("{\"id\"", "{" + names + "\"id\""), "at most 50 members");
  }

  @Test
  void rejectsDuplicateNames() {
    String body = index.body("{\"a\":1}");
    assertRejected(body.replace("\"payload\"", "\"payload\":1,\"payload\""), "twice");
    assertRejected(
        body.replace("\"role\"", "\"role\":1,\"role\""), "/role: must not be there twice");
    assertRejected(body.replace("{\"id\"", "{\"id\":1,\"id\""), "/result/generator");
    assertRejected(body.replace("{\"a\"", "{\"a\":2,\"a\""), "/result/payload");
  }

  @Test
  void rejectsTooLargePayloadOrRemainder() {
    int max = IndexFixture.MAX_PAYLOAD_BYTES;
    for (String body :
        List.of(
            index.body(payload(max + 1)),
            index.body(payload(max + 70_000)),
            index.body("1").replace("\"abc\"", payload(70_000)),
            index.body(payload(max)).replace("\"abc\"", payload(65_536)))) {
      assertThatThrownBy(() -> index.save(body))
          .isInstanceOf(PayloadTooLarge.class)
          .hasMessageContaining("must be at most");
      assertNothingKept();
    }
    index.savePayload(payload(max));
    index.end(TaskState.SUCCESS);
    assertThat(index.shown()).hasSize(1);
  }

  @Test
  void rejectsLargeBodyIfNoFileCanBeWritten() {
    IndexFixture full = new IndexFixture(directory.resolve("missing"));
    assertThatThrownBy(() -> full.savePayload(payload(300_000))).isInstanceOf(ServerBusy.class);
    assertThat(full.records.all()).isEmpty();
    assertThat(full.savePayload("1")).hasSize(20);
  }

  @Test
  void givesSameIdToSameBody() {
    String large = payload(300_000);
    String id = index.savePayload(large);

    assertThat(index.savePayload(large)).isEqualTo(id);
    assertThat(index.savePayload("1")).isNotEqualTo(id);

    index.end(TaskState.SUCCESS);
    assertThat(index.shown()).hasSize(2).contains(id);
  }

  @Test
  void keepsOneOfTwoConcurrentSaves() throws Exception {
    String body = index.body(payload(600_000));
    CyclicBarrier start = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<CompletableFuture<String>> saves =
          List.of(saveAt(start, body, threads), saveAt(start, body, threads));
      assertThat(saves.get(0).get()).isEqualTo(saves.get(1).get());
    } finally {
      threads.shutdown();
    }
    index.end(TaskState.SUCCESS);
    assertThat(index.payload()).isEqualTo(payload(600_000));
  }

  private CompletableFuture<String> saveAt(
      CyclicBarrier start, String body, ExecutorService threads) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            start.await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return index.save(body);
        },
        threads);
  }

  @Test
  void savesDeletedResultAgain() {
    String payload = payload(300_000);
    String id = index.savePayload(payload);
    join(index.saved.find(new ResultId(id)).thenCompose(index.results::remove));
    assertNothingKept();

    assertThat(index.savePayload(payload)).isNotEqualTo(id);

    index.end(TaskState.SUCCESS);
    assertThat(index.payload()).isEqualTo(payload);
  }

  @Test
  void rejectsLateResult() {
    index.end(TaskState.ERROR);

    assertThatThrownBy(() -> index.savePayload(payload(300_000)))
        .isInstanceOf(IllegalTransition.class)
        .extracting(failure -> ((Problem) failure).kind())
        .isEqualTo(Problem.Kind.CONFLICT);
    assertNothingKept();
  }

  @Test
  void rejectsResultOfUnknownTask() {
    String body = index.body("1").replace(index.task.value(), "0".repeat(40));
    assertThatThrownBy(() -> index.save(body)).isInstanceOf(TaskNotFound.class);
    assertNothingKept();
  }

  @Test
  void rejectsMoreResultsThanRunCanHave() {
    for (int i = 0; i < TaskMachine.MAX_SAVED; i++) {
      index.savePayload(String.valueOf(i));
    }
    assertThatThrownBy(() -> index.savePayload(payload(300_000)))
        .isInstanceOf(IllegalTransition.class);
    assertThat(index.parts.all()).isEmpty();
  }

  @Test
  void showsEarlierResultsUntilLaterRunSucceeds() {
    String first = index.savePayload(payload(300_000));
    assertThat(index.shown()).as("pending results are hidden").isEmpty();
    index.end(TaskState.SUCCESS);

    index.retry();
    assertThat(index.shown()).as("while the next run waits").containsExactly(first);
    String second = index.savePayload("2");
    assertThat(index.shown()).as("to the running worker").containsExactly(first);
    index.end(TaskState.ERROR);
    assertThat(index.shown()).as("after a failure").containsExactly(first);

    index.retry();
    String third = index.savePayload("3");
    index.end(TaskState.SUCCESS);
    assertThat(index.shown()).as("after a success").containsExactly(third);
    assertThat(index.records.all()).noneMatch(stored -> stored.value().id().value().equals(second));
  }

  @Test
  void keepsEarlierResultsIfSuccessfulRunSavesNothing() throws IOException {
    String id = index.savePayload(payload(300_000));
    index.end(TaskState.SUCCESS);
    index.retry();
    index.end(TaskState.SUCCESS);

    assertThat(index.shown()).containsExactly(id);
    assertThat(index.record(id).path("found").asBoolean()).isTrue();
    JsonNode hit = index.hits().get(0);
    assertThat(hit.at("/_source/result/payload").asText()).hasSize(300_000 - 2);
  }
}
