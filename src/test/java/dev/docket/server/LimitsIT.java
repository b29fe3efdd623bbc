package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.backends.junit.BackendsExtension;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits of task keys on two servers, with workers that poll. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LimitsIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static int number;

  private TwoServers servers;
  private TestServer server;

  @BeforeAll
  void start() throws Exception {
    servers =
        TwoServers.start(
            TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                """
                keys:
                  THREE: {limits: {concurrency: 3}, lease: 5m}
                  LATER: {lease: 5m}
                  PAUSED: {lease: 5m}
                  SLOW: {lease: 5m}
                """));
    server = servers.a();
  }

  @AfterAll
  void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  private List<String> submit(String key, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> server.task(server.document("limited-" + ++number, "Text"), key, ""))
        .toList();
  }

  private static List<JsonNode> poll(TestServer server, String key, int max, int wait) {
    TestServer.Response response =
        server.post(
            "/worker/poll",
            """
            {"poll_id":"limits-%d","keys":["%s"],"worker":"w","max":%d,"wait_s":%d}
            """
                .formatted(++number, key, max, wait));
    assertThat(response.status()).isEqualTo(200);
    List<JsonNode> tasks = new ArrayList<>();
    response.body().path("tasks").forEach(tasks::add);
    return tasks;
  }

  /** Polls until there are so many tasks, and starts them. */
  private List<JsonNode> work(TestServer from, String key, int count) {
    List<JsonNode> tasks = new ArrayList<>();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              List<JsonNode> polled = poll(from, key, count - tasks.size(), 1);
              // Without a report, the server gives the runs back after half a minute.
              polled.forEach(
                  granted -> report(granted, "progress", report -> report.put("progress", 1)));
              tasks.addAll(polled);
              return tasks.size() == count;
            });
    return tasks;
  }

  private void complete(JsonNode granted) {
    report(granted, "complete", report -> report.put("state", 200));
  }

  private void report(JsonNode granted, String path, Consumer<ObjectNode> content) {
    ObjectNode report = JsonNodeFactory.instance.objectNode().put("worker", "w");
    for (String field : List.of("attempt", "run", "claim_id")) {
      report.set(field, granted.path(field));
    }
    content.accept(report);
    String task = granted.path("task").path("_id").asText();
    TestServer.Response response = server.post("/task/" + task + "/" + path, report.toString());
    assertThat(response.status()).as(response.raw().body()).isEqualTo(200);
  }

  private JsonNode limits(String key) {
    return server.get("/limits/" + key).body();
  }

  private void set(String key, String limits) {
    TestServer.Response response =
        server.send(
            server
                .request("/limits/" + key)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(limits)));
    assertThat(response.status()).as(response.raw().body()).isEqualTo(200);
    awaitSameLimits(key);
  }

  /** The other server reads changed limits within some seconds. */
  private void awaitSameLimits(String key) {
    JsonNode limits = limits(key);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                Stream.of("concurrency", "rate", "hold", "source")
                    .allMatch(
                        field ->
                            servers
                                .b()
                                .get("/limits/" + key)
                                .body()
                                .path(field)
                                .equals(limits.path(field))));
  }

  private void change(String key, String action) {
    assertThat(server.post("/limits/" + key + "/" + action, "").status()).isEqualTo(200);
    awaitSameLimits(key);
  }

  @Test
  void handsOutNoMoreTasksThanConcurrencyOfKey() {
    List<String> tasks = submit("THREE", 8);

    List<JsonNode> first = work(server, "THREE", 3);

    assertThat(poll(servers.b(), "THREE", 5, 2)).isEmpty();
    String waiting =
        tasks.stream().filter(task -> server.state(task) == 201).findFirst().orElseThrow();
    assertThat(server.get("/task/" + waiting + "/explain").text("summary"))
        .contains("at most 3 of its tasks at the same time");
    first.forEach(this::complete);
    work(servers.b(), "THREE", 3).forEach(this::complete);
    work(server, "THREE", 2).forEach(this::complete);
    assertThat(tasks).allMatch(task -> server.state(task) == 200);
  }

  @Test
  void pausedKeyHandsOutNothingUntilItIsResumed() {
    submit("PAUSED", 1);
    work(server, "PAUSED", 1).forEach(this::complete);
    List<String> queued = submit("PAUSED", 3);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> queued.stream().allMatch(t -> server.state(t) == 202));

    change("paused", "pause");

    List<String> late = submit("PAUSED", 2);
    assertThat(poll(server, "PAUSED", 5, 2)).isEmpty();
    claimEach(queued);
    assertThat(queued).allMatch(task -> server.state(task) == 201);
    assertThat(late).allMatch(task -> server.state(task) == 201);
    assertThat(server.get("/task/" + late.get(0) + "/explain").text("summary"))
        .contains("the key is paused");
    assertThat(limits("PAUSED").path("hold").asText()).isEqualTo("paused");

    change("PAUSED", "resume");
    work(server, "PAUSED", 5).forEach(this::complete);
  }

  /** As workers that read the broker's queue do. */
  private void claimEach(List<String> tasks) {
    for (String task : tasks) {
      TestServer.Response refused = server.post("/task/" + task + "/claim", "{\"worker\":\"w\"}");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.text("detail")).isEqualTo("the key is paused");
    }
  }

  @Test
  void limitOfRunningKeyAppliesToQueuedTasks() {
    List<String> tasks = submit("LATER", 6);
    List<JsonNode> running = work(server, "LATER", 2);

    set("LATER", "{\"concurrency\":2}");

    assertThat(poll(server, "LATER", 4, 2)).isEmpty();
    complete(running.get(0));
    JsonNode next = work(server, "LATER", 1).get(0);
    assertThat(poll(server, "LATER", 4, 2)).isEmpty();
    complete(next);
    complete(running.get(1));
    work(server, "LATER", 2).forEach(this::complete);
    assertThat(server.delete("/limits/LATER").status()).isEqualTo(200);
    awaitSameLimits("LATER");
    work(server, "LATER", 1).forEach(this::complete);
    assertThat(tasks).allMatch(task -> server.state(task) == 200);
  }

  @Test
  void rateLimitsTheTasksOfAPeriod() {
    set("SLOW", "{\"rate\":\"2/h\"}");
    submit("SLOW", 3);

    List<JsonNode> first = work(server, "SLOW", 1);
    first.forEach(this::complete);

    assertThat(poll(server, "SLOW", 3, 3)).isEmpty();
    set("SLOW", "{\"rate\":\"1000/s\"}");
    work(server, "SLOW", 2).forEach(this::complete);
  }
}
