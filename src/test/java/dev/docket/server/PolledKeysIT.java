package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Polls for keys that have no tasks yet, on two servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PolledKeysIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private TwoServers servers;
  private TestServer serverA;
  private TestServer serverB;

  @BeforeAll
  void start() throws Exception {
    servers = TwoServers.start(yaml());
    serverA = servers.a();
    serverB = servers.b();
  }

  @AfterAll
  void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  private static String yaml() {
    return TestServer.config(
        BACKENDS.backends().elasticsearch(),
        BACKENDS.backends().amqp(),
        BACKENDS.prefix(),
        "keys: {CONFIGURED: {}}\ncallers: {maxNewKeys: 3}");
  }

  private static TestServer.Response poll(TestServer server, String id, int wait, String keys) {
    return server.post(
        "/worker/poll",
        """
        {"poll_id":"%s","keys":[%s],"worker":"w","max":1,"wait_s":%d}
        """
            .formatted(id, keys, wait));
  }

  @Test
  void pollOfInventedKeysDeclaresNoQueue() throws Exception {
    List<String> keys =
        IntStream.range(0, 99).mapToObj(i -> "INVENTED" + i).collect(Collectors.toList());
    keys.add("CONFIGURED");

    // Long enough for a search of the open poll's keys.
    TestServer.Response response =
        poll(serverA, "invented", 3, "\"" + String.join("\",\"", keys) + "\"");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body().path("tasks")).isEmpty();
    List<String> queues = keys.stream().map(key -> "docket.v1." + key + ".Text").toList();
    assertThat(BrokerMessages.existing(BACKENDS, queues))
        .containsExactly("docket.v1.CONFIGURED.Text");
  }

  @Test
  void openPollReceivesFirstTaskOfKeyThatAnotherServerTook() throws Exception {
    CompletableFuture<TestServer.Response> poll =
        CompletableFuture.supplyAsync(() -> poll(serverA, "open", 60, "\"FIRST\""));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> serverB.get("/workers/FIRST").body().path("workers").size() > 0);
    assertThat(poll).isNotDone();

    String task = serverB.task(serverB.document("first", "Text"), "FIRST", "");

    JsonNode tasks = poll.get(60, TimeUnit.SECONDS).body().path("tasks");
    assertThat(tasks).hasSize(1);
    assertThat(tasks.get(0).path("task").path("_id").asText()).isEqualTo(task);
  }

  @Test
  void rejectsTaskWithTooManyNewKeysOnEachRoute() {
    String document = serverA.document("keys", "Text");
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      statuses.add(assign("/task", document, "NEW" + i).status());
    }
    assertThat(statuses).startsWith(201).endsWith(422, 422, 422, 422, 422, 422);

    TestServer.Response rejected = assign("/DANE/task", document, "DANE_NEW");
    assertThat(rejected.status()).isEqualTo(422);
    assertThat(rejected.raw().body()).contains("callers.maxNewKeys");
    assertThat(assign("/task", document, "CONFIGURED").status()).isEqualTo(201);
    assertThat(assign("/task", document, "NEW0").status()).as("an existing task").isEqualTo(409);
  }

  private TestServer.Response assign(String path, String document, String key) {
    return serverA.post(path, "{\"document_id\":\"" + document + "\",\"key\":\"" + key + "\"}");
  }
}
