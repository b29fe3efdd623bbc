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

/** The broker loses messages, and the server notices; run on each kind of broker. */
abstract class LostMessagesContract {

  private static final Duration WAIT = Duration.ofMinutes(1);

  private TestServer server;

  abstract BackendsExtension backends();

  @Test
  void whatAPurgedOrDeletedQueueHadIsSentAgainAndDoneAndNothingElse() throws Exception {
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
      loseAndFind();
    } finally {
      server.close();
    }
  }

  private void loseAndFind() throws Exception {
    List<String> purged = waiting("PURGED", 5);
    List<String> deleted = waiting("DELETED", 3);
    List<String> honest = waiting("HONEST", 40);
    BrokerMessages.purge(backends(), queue("PURGED"));
    BrokerMessages.delete(backends(), queue("DELETED"));

    await().atMost(WAIT).until(() -> messages("PURGED") == 5);
    deleted.forEach(task -> awaitState(task, 422));
    await().atMost(WAIT).until(() -> drift().path("missing").asInt(-1) == 0);

    JsonNode row = row("PURGED");
    assertThat(row.path("last_repair").isTextual()).isTrue();
    assertThat(row("HONEST").has("last_repair")).isFalse();
    assertThat(row("HONEST").path("missing").asInt(-1)).isZero();
    assertThat(messages("HONEST")).isEqualTo(40);
    assertThat(server.get("/task/" + purged.get(0) + "/history").raw().body())
        .contains("the broker had lost its message");

    List<DocketWorker> workers = new ArrayList<>();
    try {
      for (String key : List.of("PURGED", "DELETED", "HONEST")) {
        workers.add(worker(key));
      }
      purged.forEach(task -> awaitState(task, 200));
      deleted.forEach(task -> awaitState(task, 200));
      honest.forEach(task -> awaitState(task, 200));
    } finally {
      workers.forEach(DocketWorker::stop);
    }
    assertThat(server.get("/task/" + purged.get(0)).body().path("attempt").asInt()).isEqualTo(1);
    await()
        .atMost(WAIT)
        .until(
            () -> drift().path("missing").asInt(-1) == 0 && drift().path("surplus").asInt(-1) == 0);
  }

  private static String queue(String key) {
    return Topology.queue("", key, "Text");
  }

  private long messages(String key) throws Exception {
    return BrokerMessages.in(backends(), queue(key));
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

  /** Tasks whose messages lie in the queue of a worker that has been here and is away. */
  private List<String> waiting(String key, int many) {
    DocketWorker before = worker(key);
    await().atMost(WAIT).ignoreExceptions().until(() -> messages(key) == 0);
    before.stop();
    String document = server.document("lost " + key, "Text");
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < many; i++) {
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
    await().atMost(WAIT).until(() -> server.state(task) == state);
  }
}
