package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.wire.Topology;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server says if a backend works only in part. */
final class BackendTroubleIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  /** RabbitMQ closes connections that a request with a body wants to upgrade to HTTP/2. */
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static String yaml(String management) {
    return TestServer.config(
            BACKENDS.backends().elasticsearch(), BACKENDS.backends().amqp(), BACKENDS.prefix(), "")
        .replace(
            "broker: {", "broker: {management: \"" + management + "\", statisticsInterval: 1s, ");
  }

  private static String yaml() {
    return yaml(BACKENDS.backends().management().orElseThrow().toString());
  }

  private void elasticsearch(String path, String body) throws Exception {
    send(
        HttpRequest.newBuilder(BACKENDS.backends().elasticsearch().resolve(path))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  private void send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
  }

  private static TestServer.Response submit(TestServer server, String document) {
    return server.post("/task", "{\"document_id\":\"" + document + "\",\"key\":\"ASR\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "index.blocks.read_only_allow_delete, cluster.routing.allocation.disk.watermark.flood_stage",
    "index.blocks.write, index.blocks.write"
  })
  void isNotReadyWhileIndexRejectsWrites(String block, String named) throws Exception {
    try (TestServer server = new TestServer(yaml())) {
      String document = server.document("blocked-" + block, "Video");
      await().atMost(TIMEOUT).until(() -> server.get("/ready").status() == 200);
      String index = BACKENDS.prefix() + "tasks-v1";
      String settings = "/" + index + "/_settings";
      try {
        elasticsearch(settings, "{\"" + block + "\":true}");
        TestServer.Response ready = server.get("/ready");
        assertThat(ready.status()).isEqualTo(500);
        assertThat(ready.text("database")).startsWith("500 ").contains(index, block, named);
        assertThat(ready.text("messagequeue")).isEqualTo("200 OK");
        TestServer.Response submitted = submit(server, document);
        assertThat(submitted.status()).isEqualTo(503);
        assertThat(submitted.text("detail")).contains(index, block, named);
        await().atMost(TIMEOUT).until(() -> isUp(server) == 0);
      } finally {
        elasticsearch(settings, "{\"" + block + "\":null}");
      }
      assertThat(server.get("/ready").status()).isEqualTo(200);
      assertThat(submit(server, document).status()).isEqualTo(201);
      await().atMost(TIMEOUT).until(() -> isUp(server) == 1);
    }
  }

  private int isUp(TestServer server) throws Exception {
    String metrics =
        http.send(
                HttpRequest.newBuilder(server.admin().resolve("/metrics")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return metrics.contains("docket_up{part=\"elasticsearch\"} 1.0") ? 1 : 0;
  }

  @Test
  void needsNoExpensiveQueriesExceptForPatterns() throws Exception {
    String setting = "{\"transient\":{\"search.allow_expensive_queries\":%s}}";
    try (TestServer server = new TestServer(yaml())) {
      String document = server.document("expensive", "Video");
      String task = server.task(document, "WAITS", "");
      try {
        elasticsearch("/_cluster/settings", setting.formatted("false"));
        await().atMost(TIMEOUT).until(() -> server.state(task) == 422);
        for (String path :
            List.of(
                "/search/task?fresh=true&state=4*&target.type=V*&sort=-priority",
                "/search/task?q=x&priority=0&created_from=2020-01-01T00:00:00Z",
                "/search/task?key=*&facets=state,priority",
                "/search/document?metadata.title=x",
                "/search/result?latest=true",
                "/task/" + task + "/explain",
                "/workers/WAITS",
                "/workers",
                "/stats",
                "/drift",
                "/DANE/search/document?target_id=*&creator_id=*")) {
          assertThat(server.get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(
                server
                    .get("/search/task?fresh=true&state=4*")
                    .body()
                    .path("hits")
                    .findValuesAsText("id"))
            .contains(task);
        for (String path :
            List.of(
                "/search/task?key=WAI*",
                "/search/task?id=*a",
                "/search/result?attempt=1",
                "/search/document?metadata.title=x*")) {
          TestServer.Response rejected = server.get(path);
          assertThat(rejected.status()).as(path).isEqualTo(400);
          assertThat(rejected.text("detail")).contains("search.allow_expensive_queries is false");
        }
      } finally {
        elasticsearch("/_cluster/settings", setting.formatted("null"));
      }
      assertThat(server.get("/search/task?key=WAI*").status()).isEqualTo(200);
    }
  }

  @Test
  void namesManagementApiThatDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestServer server = new TestServer(yaml("http://127.0.0.1:" + silent.getLocalPort()))) {
      assertThat(server.get("/workers/ASR").raw().body())
          .contains("(broker.management) did not answer within 5 s");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "reject-publish, policy, queue_rejects, policy \"limit\"",
    "reject-publish, argument, queue_rejects, argument x-overflow",
    "drop-head, policy, queue_drops, policy \"limit\"",
    "ttl, argument, queue_drops, argument x-message-ttl"
  })
  void explainsQueueThatRejectsOrDropsMessages(String limit, String by, String kind, String source)
      throws Exception {
    String key = (limit + "-" + by).toUpperCase(java.util.Locale.ROOT);
    String queue = Topology.queue(BACKENDS.prefix(), key, "Video");
    Map<String, Object> limits = new HashMap<>();
    if (limit.equals("ttl")) {
      limits.put("message-ttl", 500);
    } else {
      limits.put("max-length", 1);
      limits.put("overflow", limit);
    }
    Map<String, Object> arguments = new HashMap<>(Topology.QUEUE_ARGUMENTS);
    if (by.equals("argument")) {
      limits.forEach((name, value) -> arguments.put("x-" + name, value));
    } else {
      setPolicy(queue, limits);
    }
    try (TestServer server = new TestServer(yaml())) {
      await().atMost(TIMEOUT).until(() -> server.get("/ready").status() == 200);
      declare(queue, key, arguments);
      List<String> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        tasks.add(server.task(server.document(key + i, "Video"), key, ""));
      }
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(tasks)
                      .map(task -> server.get("/task/" + task + "/explain").raw().body())
                      .anySatisfy(
                          text ->
                              assertThat(text)
                                  .contains("\"" + kind + "\"", queue)
                                  .contains(source.replace("\"", "\\\""))));
    }
  }

  private static void declare(String queue, String key, Map<String, Object> arguments)
      throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(BACKENDS.backends().amqp());
    try (Connection connection = factory.newConnection("test");
        Channel channel = connection.createChannel()) {
      channel.queueDeclare(queue, true, false, false, arguments);
      channel.queueBind(
          queue, BACKENDS.prefix() + Topology.EXCHANGE, Topology.routingKey("Video", key));
    }
  }

  private void setPolicy(String queue, Map<String, Object> definition) throws Exception {
    URI management = BACKENDS.backends().management().orElseThrow();
    String user = management.getUserInfo() == null ? "guest:guest" : management.getUserInfo();
    URI policy =
        URI.create(
            "http://"
                + management.getHost()
                + ":"
                + management.getPort()
                + "/api/policies/%2F/limit");
    send(
        HttpRequest.newBuilder(policy)
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(user.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
            .PUT(
                HttpRequest.BodyPublishers.ofString(
                    new ObjectMapper()
                        .writeValueAsString(
                            Map.of(
                                "pattern",
                                "^" + queue.replace(".", "\\.") + "$",
                                "definition",
                                definition,
                                "apply-to",
                                "queues")))));
  }
}
