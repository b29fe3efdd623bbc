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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server that starts on tasks of the release before leases named the worker's process: one
 * granted to a poll, one that its worker reported on, one claimed, and one in the queue.
 */
final class LeasesUpgradeIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILES = "/upgrade/leases/";
  private static final List<String> KEYS = List.of("GRANTED", "REPORTED", "CLAIMED", "WAITING");

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private final List<JsonNode> tasks = new ArrayList<>();
  private String prefix;
  private FormerRecords former;

  @BeforeEach
  void storeRecordsOfEarlierRelease() throws Exception {
    prefix = BACKENDS.prefix() + "-former-";
    former = new FormerRecords(BACKENDS.backends().elasticsearch(), prefix);
    former.createIndex("documents", FormerRecords.template("documents"));
    former.createIndex("tasks", FILES + "tasks-template.json");
    former.createIndex("reconciler", FormerRecords.template("reconciler"));
    former.storeAll("documents", FILES + "documents.ndjson");
    former.storeAll("tasks", FILES + "tasks.ndjson");
    former.store("reconciler", "leader", FormerRecords.read(FILES + "leader.json"));
    for (String line : FormerRecords.read(FILES + "tasks.ndjson").lines().toList()) {
      tasks.add(JSON.readTree(line));
    }
    // The workers have stopped. Their leases expire soon, instead of after 90 seconds.
    for (JsonNode task : tasks) {
      if (task.has("lease")) {
        former.change("tasks", task.path("id").asText(), "{\"lease\":{\"seconds\":1}}");
      }
    }
  }

  @Test
  void everyTaskEnds() throws Exception {
    assertThat(tasks).extracting(task -> task.path("key").asText()).containsExactlyElementsOf(KEYS);
    try (TestServer server =
            new TestServer(
                TestServer.config(
                        BACKENDS.backends().elasticsearch(),
                        BACKENDS.backends().amqp(),
                        BACKENDS.prefix(),
                        "")
                    .replaceFirst("indexPrefix: \"[^\"]*\"", "indexPrefix: \"" + prefix + "\""));
        DocketWorker worker = worker(server)) {
      worker.start();
      JsonNode waiting = tasks.get(3);
      await("the worker's queue")
          .atMost(TIMEOUT)
          .until(
              () ->
                  !BrokerMessages.existing(BACKENDS, List.of("docket.v1.WAITING.Video")).isEmpty());
      BrokerMessages.publish(
          BACKENDS,
          "docket.v1.WAITING.Video",
          new RunId(
                  waiting.path("id").asText(),
                  waiting.path("attempt").asInt(),
                  waiting.path("run").asText())
              .toString(),
          FormerRecords.read(FILES + "message.json"));

      for (JsonNode task : tasks) {
        String id = task.path("id").asText();
        await(task.path("key").asText()).atMost(TIMEOUT).until(() -> server.state(id) == 200);
        int failures = server.get("/task/" + id).body().path("failures").asInt();
        boolean counts = List.of("REPORTED", "CLAIMED").contains(task.path("key").asText());
        assertThat(failures).as(task.path("key").asText()).isEqualTo(counts ? 1 : 0);
      }
      assertThat(former.record("reconciler", "leader").path("format").asInt())
          .isEqualTo(RecordFormat.CURRENT);
    }
  }

  private static DocketWorker worker(TestServer server) {
    var builder =
        DocketWorker.builder()
            .server(server.uri())
            .broker(BACKENDS.backends().amqp().toString())
            .queuePrefix(BACKENDS.prefix())
            .types(TargetType.VIDEO)
            .handler((task, context) -> Outcome.success("done"));
    KEYS.forEach(builder::key);
    return builder.build();
  }
}
