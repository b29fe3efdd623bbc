package dev.docket.server;

import static dev.docket.worker.TargetType.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.wire.Topology;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The broker loses messages, and the server republishes them; run on each kind of broker. */
abstract class LostMessagesContract {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private TestServer server;

  abstract BackendsExtension backends();

  @Test
  void republishesOnlyMessagesOfPurgedOrDeletedQueue() throws Exception {
    String yaml =
        TestServer.config(
                backends().backends().elasticsearch(),
                backends().backends().amqp(),
                backends().prefix(),
                "")
            .replace(
                "broker: {",
                "broker: {management: \""
                    + backends().backends().management().orElseThrow()
                    + "\", statisticsInterval: 1s, ")
            .replace("sweeps: {", "sweeps: {census: 2s, ");
    server = new TestServer(yaml);
    try {
      loseMessagesAndAwaitRepair();
    } finally {
      server.close();
    }
  }

  private void loseMessagesAndAwaitRepair() throws Exception {
    List<String> purged = createWaitingTasks("PURGED", 5);
    List<String> deleted = createWaitingTasks("DELETED", 3);
    List<String> intact = createWaitingTasks("INTACT", 40);
    BrokerMessages.purge(backends(), queue("PURGED"));
    BrokerMessages.delete(backends(), queue("DELETED"));

    await().atMost(TIMEOUT).until(() -> messages("PURGED") == 5);
    deleted.forEach(task -> awaitState(task, 422));
    await().atMost(TIMEOUT).until(() -> drift().path("missing").asInt(-1) == 0);

    JsonNode row = row("PURGED");
    assertThat(row.path("last_repair").isTextual()).isTrue();
    assertThat(row("INTACT").has("last_repair")).isFalse();
    assertThat(row("INTACT").path("missing").asInt(-1)).isZero();
    assertThat(messages("INTACT")).isEqualTo(40);
    assertThat(server.get("/task/" + purged.get(0) + "/history").raw().body())
        .contains("the broker lost the message");

    List<DocketWorker> workers = new ArrayList<>();
    try {
      for (String key : List.of("PURGED", "DELETED", "INTACT")) {
        workers.add(worker(key));
      }
      purged.forEach(task -> awaitState(task, 200));
      deleted.forEach(task -> awaitState(task, 200));
      intact.forEach(task -> awaitState(task, 200));
    } finally {
      workers.forEach(DocketWorker::stop);
    }
    assertThat(server.get("/task/" + purged.get(0)).body().path("attempt").asInt()).isEqualTo(1);
    await()
        .atMost(TIMEOUT)
        .until(
            () -> drift().path("missing").asInt(-1) == 0 && drift().path("surplus").asInt(-1) == 0);
  }

  private static String queue(String key) {
    return Topology.queue("", key, "Text");
  }

  private long messages(String key) throws Exception {
    return BrokerMessages.count(backends(), queue(key));
  }

  private JsonNode drift() {
    return server.get("/drift").body();
  }

  private JsonNode row(String key) {
    for (JsonNode row : drift().path("keys")) {
      if (row.path("key").asText().equals(key)) {
        return row;
      }
    }
    throw new AssertionError(key + " is not in " + drift());
  }

  /** Creates tasks whose messages wait in a queue without consumers, which a worker declared. */
  private List<String> createWaitingTasks(String key, int count) {
    DocketWorker declaring = worker(key);
    await().atMost(TIMEOUT).ignoreExceptions().until(() -> messages(key) == 0);
    declaring.stop();
    String document = server.document("lost " + key, "Text");
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(server.task(document, key, ",\"repeatable\":true"));
    }
    tasks.forEach(task -> awaitState(task, 202));
    return tasks;
  }

  private DocketWorker worker(String key) {
    DocketWorker worker =
        DocketWorker.builder()
            .server(server.uri())
            .broker(backends().backends().amqp().toString())
            .queuePrefix(backends().prefix())
            .key(key)
            .types(TEXT)
            .handler((task, context) -> Outcome.success("done"))
            .build();
    worker.start();
    return worker;
  }

  private void awaitState(String task, int state) {
    await().atMost(TIMEOUT).until(() -> server.state(task) == state);
  }
}
