package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.maintenance.NewerRecordFormat;
import dev.docket.maintenance.RecordFormat;
import dev.docket.protocol.dane.DaneProtocol;
import dev.docket.wire.RunId;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that starts on records of the release before results of several runs were kept. */
final class ResultsUpgradeIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILES = "/upgrade/results/";
  private static final String ALL = "{\"match_all\":{}}";
  private static final String WITHOUT_FLAGS =
      "{\"bool\":{\"should\":["
          + "{\"bool\":{\"must_not\":{\"exists\":{\"field\":\"visible\"}}}},"
          + "{\"bool\":{\"must_not\":{\"exists\":{\"field\":\"latest\"}}}},"
          + "{\"bool\":{\"must_not\":{\"exists\":{\"field\":\"target.id\"}}}},"
          + "{\"bool\":{\"must_not\":{\"exists\":{\"field\":\"creator.id\"}}}}]}}";

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static int tests;

  private String prefix;
  private FormerRecords former;

  @BeforeEach
  void storeRecordsOfEarlierRelease() throws Exception {
    prefix = BACKENDS.prefix() + "-" + ++tests + "-";
    former = new FormerRecords(BACKENDS.backends().elasticsearch(), prefix);
    former.createIndex("documents", FormerRecords.template("documents"));
    former.createIndex("tasks", FILES + "templates/tasks.json");
    former.createIndex("results", FILES + "templates/results.json");
    former.createIndex("reconciler", FILES + "templates/reconciler.json");
    former.storeAll("documents", FILES + "documents.ndjson");
    former.storeAll("tasks", FILES + "tasks.ndjson");
    former.storeAll("results", FILES + "results.ndjson");
    former.store("reconciler", "leader", FormerRecords.read(FILES + "leader.json"));
    // The worker has stopped. Its lease expires at once, instead of after 90 seconds.
    former.change("tasks", "running", "{\"lease\":{\"seconds\":1}}");
  }

  private TestServer start() throws Exception {
    return new TestServer(
        TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "keys: {VIS: {protocol: dane}}")
            .replaceFirst("indexPrefix: \"[^\"]*\"", "indexPrefix: \"" + prefix + "\""),
        DaneProtocol::new);
  }

  private DocketWorker worker(TestServer server) {
    return DocketWorker.builder()
        .server(server.uri())
        .broker(BACKENDS.backends().amqp().toString())
        .queuePrefix(BACKENDS.prefix())
        .key("ASR")
        .types(TargetType.VIDEO)
        .handler((task, context) -> Outcome.success("done").result("rerun " + task.id()))
        .build();
  }

  private void replyAsDaneWorker(String task) throws Exception {
    JsonNode record = former.record("tasks", task);
    RunId run = new RunId(task, record.path("attempt").asInt(), record.path("run").asText());
    BrokerMessages.reply(BACKENDS, run.toString(), "{\"state\":200,\"message\":\"well\"}");
  }

  private static List<String> results(TestServer server, String path) {
    List<String> texts = new ArrayList<>();
    for (JsonNode result : server.get(path).body()) {
      JsonNode payload = result.path("payload");
      texts.add(payload.isTextual() ? payload.asText() : payload.path("text").asText());
    }
    return texts;
  }

  private static void awaitEnded(TestServer server, String task, int state) {
    await(task).atMost(TIMEOUT).until(() -> server.state(task) == state);
  }

  private static long found(TestServer server, String filters) {
    return server.get("/search/result?fresh=true" + filters).body().path("total").asLong();
  }

  @Test
  void performsPendingEffectsAndMigratesResults() throws Exception {
    try (TestServer server = start();
        DocketWorker worker = worker(server)) {
      worker.start();
      replyAsDaneWorker("dane-saving");
      replyAsDaneWorker("dane-saving-rerun");

      for (String line : FormerRecords.read(FILES + "tasks.ndjson").lines().toList()) {
        JsonNode task = JSON.readTree(line);
        String id = task.path("id").asText();
        if (task.has("deleted_at")) {
          await(id).atMost(TIMEOUT).until(() -> !recordExists(id));
        } else {
          awaitEnded(server, id, task.path("state").asInt() == 500 ? 500 : 200);
          await(id).atMost(TIMEOUT).until(() -> !former.record("tasks", id).has("outbox"));
        }
      }
      await("migration").atMost(TIMEOUT).until(() -> former.count("results", WITHOUT_FLAGS) == 0);

      assertThat(results(server, "/task/ended/results")).containsExactly("first", "second");
      assertThat(results(server, "/task/ending-again/results")).containsExactly("new 0", "new 1");
      assertThat(results(server, "/task/ending-again/results?attempt=1")).containsExactly("old");
      assertThat(results(server, "/task/rerun-without-results/results")).containsExactly("kept");
      assertThat(results(server, "/task/ended-without-results/results")).isEmpty();
      assertThat(results(server, "/task/running/results")).containsExactly("rerun running");
      assertThat(results(server, "/task/dane-ended/results")).containsExactly("saved 0", "saved 1");
      assertThat(results(server, "/task/dane-ended-again/results")).containsExactly("newer");
      assertThat(results(server, "/task/dane-ended-again/results?attempt=1"))
          .containsExactly("older");
      assertThat(results(server, "/task/dane-saving/results"))
          .containsExactly("pending 0", "pending 1");
      assertThat(results(server, "/task/dane-saving-rerun/results")).containsExactly("not yet");
      assertThat(results(server, "/task/dane-saving-rerun/results?attempt=1"))
          .containsExactly("visible");
      assertThat(results(server, "/task/dane-failed/results")).isEmpty();
      assertThat(server.get("/task/deleted").status()).isEqualTo(404);
      assertThat(former.count("results", "{\"term\":{\"task_id\":\"deleted\"}}")).isZero();
      assertThat(former.count("results", "{\"term\":{\"task_id\":\"dane-failed\"}}")).isZero();
      assertFlags("visible", 15);
      assertFlags("latest", 12);
      assertThat(former.count("results", ALL)).isEqualTo(15);
      assertThat(former.count("results", "{\"term\":{\"generator_search.id\":\"whisper-3\"}}"))
          .isEqualTo(14);
      assertThat(found(server, "&task_id=ended")).isEqualTo(2);
      assertThat(found(server, "&key=VIS&latest=all")).isEqualTo(8);
      assertThat(found(server, "&latest=all")).isEqualTo(15);
      assertThat(found(server, "")).isEqualTo(12);
      assertThat(former.record("reconciler", "leader").path("format").asInt())
          .isEqualTo(RecordFormat.CURRENT);
    }
  }

  /** Asserts how many records have a flag that is true; all have it. */
  private void assertFlags(String flag, int expected) throws Exception {
    assertThat(former.count("results", "{\"term\":{\"" + flag + "\":true}}"))
        .as(flag)
        .isEqualTo(expected);
  }

  private boolean recordExists(String task) throws Exception {
    return former.count("tasks", "{\"term\":{\"id\":\"" + task + "\"}}") > 0;
  }

  @Test
  void doesNotStartAfterServerOfNewerRelease() throws Exception {
    start().close();
    former.change("reconciler", "leader", "{\"format\":" + (RecordFormat.CURRENT + 1) + "}");

    assertThatThrownBy(this::start).isInstanceOf(NewerRecordFormat.class);

    assertThat(former.record("reconciler", "leader").path("format").asInt())
        .isEqualTo(RecordFormat.CURRENT + 1);
  }
}
