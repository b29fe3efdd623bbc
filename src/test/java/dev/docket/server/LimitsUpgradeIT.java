package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.maintenance.RecordFormat;
import dev.docket.wire.RunId;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server that starts on tasks of the release before limits, with a limit for their key: one runs,
 * one waits for its next attempt, three are queued, one has no queue. The lists, logs and services
 * of this release are empty at first.
 */
final class LimitsUpgradeIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILES = "/upgrade/limits/";

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();

  @Test
  void everyTaskEndsWithinTheLimit() throws Exception {
    String prefix = BACKENDS.prefix() + "-former-";
    FormerRecords former = new FormerRecords(BACKENDS.backends().elasticsearch(), prefix);
    former.createIndex("documents", FormerRecords.template("documents"));
    former.createIndex("tasks", FILES + "tasks-template.json");
    former.createIndex("reconciler", FormerRecords.template("reconciler"));
    former.storeAll("documents", FILES + "documents.ndjson");
    former.storeAll("tasks", FILES + "tasks.ndjson");
    former.store("reconciler", "leader", FormerRecords.read(FILES + "leader.json"));
    List<JsonNode> tasks = new ArrayList<>();
    for (String line : FormerRecords.read(FILES + "tasks.ndjson").lines().toList()) {
      tasks.add(JSON.readTree(line));
    }
    // The worker has stopped. Its lease expires soon, instead of after 90 seconds.
    for (JsonNode task : tasks) {
      if (task.has("lease")) {
        former.change("tasks", task.path("id").asText(), "{\"lease\":{\"seconds\":1}}");
      }
    }
    String config =
        TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "keys: {ASR: {limits: {concurrency: 1}, maxAttempts: 5}}")
            .replaceFirst("indexPrefix: \"[^\"]*\"", "indexPrefix: \"" + prefix + "\"");
    try (TestServer server = new TestServer(config);
        DocketWorker worker = worker(server)) {
      worker.start();
      await("the worker's queue")
          .atMost(TIMEOUT)
          .until(
              () -> !BrokerMessages.existing(BACKENDS, List.of("docket.v1.ASR.Video")).isEmpty());
      for (JsonNode task : tasks) {
        if (task.path("state").asInt() == 202) {
          publish(task);
        }
      }

      for (JsonNode task : tasks) {
        String id = task.path("id").asText();
        await(task.path("state").asText()).atMost(TIMEOUT).until(() -> server.state(id) == 200);
        assertThat(server.get("/task/" + id + "/log").body().path("lines")).isEmpty();
      }
      assertThat(mostRunning).hasValue(1);
      assertThat(server.get("/limits/ASR").body().path("waiting").isInt()).isTrue();
      assertThat(former.record("reconciler", "leader").path("format").asInt())
          .isEqualTo(RecordFormat.CURRENT);
    }
  }

  /** The message of the previous release is still in the queue. */
  private static void publish(JsonNode task) throws Exception {
    String id = task.path("id").asText();
    String run = new RunId(id, task.path("attempt").asInt(), task.path("run").asText()).toString();
    String body =
        FormerRecords.read("/upgrade/leases/message.json")
            .replaceFirst(
                "\"key\":\"WAITING\",\"_id\":\"[0-9a-f]+\"",
                "\"key\":\"ASR\",\"_id\":\"" + id + "\"");
    BrokerMessages.publish(BACKENDS, "docket.v1.ASR.Video", run, body);
  }

  private DocketWorker worker(TestServer server) {
    return DocketWorker.builder()
        .server(server.uri())
        .broker(BACKENDS.backends().amqp().toString())
        .queuePrefix(BACKENDS.prefix())
        .types(TargetType.VIDEO, TargetType.SOUND)
        .concurrency(4)
        .handler(
            "ASR",
            (task, context) -> {
              mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
              await().pollDelay(Duration.ofMillis(100)).until(() -> true);
              running.decrementAndGet();
              return Outcome.success("done");
            })
        .build();
  }
}
