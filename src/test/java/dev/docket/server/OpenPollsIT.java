package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that disappear while they poll or run a task, on two servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenPollsIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @TempDir Path state;
  private final List<Process> processes = new ArrayList<>();
  private TwoServers servers;
  private TestServer serverA;
  private TestServer serverB;
  private int documents;

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

  @AfterEach
  void killWorkers() {
    processes.forEach(Process::destroyForcibly);
  }

  private static String yaml() {
    return TestServer.config(
            BACKENDS.backends().elasticsearch(),
            BACKENDS.backends().amqp(),
            BACKENDS.prefix(),
            "keys: {GONE: {}, GONE2: {}, SHARED: {}, SILENT: {}, LOST: {}, OLD: {}, ZIP: {}, HELD: {},"
                + " HELDB: {}, DEADLY: {}, UNSEEN: {}}")
        // A lease is lost after 90 s, later than all that the tests wait for.
        .replace("lease: 5s", "lease: 60s");
  }

  private static String poll(String id, String key, String worker, int wait, String more) {
    return "{\"poll_id\":\"%s\",\"keys\":[\"%s\"],\"types\":[\"Text\"],\"worker\":\"%s\",\"max\":1,\"wait_s\":%d%s}"
        .formatted(id, key, worker, wait, more);
  }

  private String task(String key) {
    return serverB.task(serverB.document("document-" + ++documents, "Text"), key, "");
  }

  private JsonNode view(String task) {
    return serverB.get("/task/" + task).body();
  }

  private String history(String task) {
    return serverB.get("/task/" + task + "/history").body().toString();
  }

  private String explanation(String task) {
    StringBuilder texts = new StringBuilder();
    for (JsonNode finding : serverB.get("/task/" + task + "/explain").body().path("findings")) {
      texts.append(finding.path("kind").asText()).append(": ");
      texts.append(finding.path("text").asText()).append('\n');
    }
    return texts.toString();
  }

  private void awaitAttempt(String task, int attempt) {
    await(task + " attempt " + attempt)
        .atMost(TIMEOUT)
        .until(() -> view(task).path("attempt").asInt() >= attempt);
  }

  /** Polls until the task is granted, and returns the grant. */
  private JsonNode granted(TestServer server, String body) {
    TestServer.Response response = server.post("/worker/poll", body);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body().path("tasks")).hasSize(1);
    return response.body().path("tasks").path(0);
  }

  private static void awaitConsumers(String key, int consumers) {
    await("consumers of " + key)
        .atMost(TIMEOUT)
        .until(
            () ->
                BrokerMessages.existing(BACKENDS, List.of("docket.v1." + key + ".Text")).size() == 1
                    && BrokerMessages.consumerCount(BACKENDS, "docket.v1." + key + ".Text")
                        == consumers);
  }

  @Test
  void pollOfVanishedClientEndsAndTakesNoTask() throws Exception {
    try (RawPoll poll =
        new RawPoll(serverA.uri(), "HTTP/1.1", "", poll("gone-1", "GONE", "raw", 60, ""))) {
      assertThat(poll.head()).startsWith("HTTP/1.1 200").contains("application/json");
      poll.awaitSpaces(2);
      awaitConsumers("GONE", 1);
    }
    awaitConsumers("GONE", 0);

    String task = task("GONE");

    JsonNode granted = granted(serverB, poll("gone-2", "GONE", "other", 60, ""));
    assertThat(granted.path("task").path("_id").asText()).isEqualTo(task);
    assertThat(granted.path("attempt").asInt()).isEqualTo(1);
  }

  @Test
  void repeatedPollContinuesAfterItsFirstConnectionIsLost() throws Exception {
    String body = poll("shared-1", "SHARED", "raw", 60, "");
    try (RawPoll second = openTwiceAndLoseTheFirst(body)) {
      String task = task("SHARED");

      assertThat(second.readToEnd()).contains(task);
      assertThat(view(task).path("attempt").asInt()).isEqualTo(1);
    }
  }

  private RawPoll openTwiceAndLoseTheFirst(String body) throws IOException {
    RawPoll second;
    try (RawPoll first = new RawPoll(serverA.uri(), "HTTP/1.1", "", body)) {
      second = new RawPoll(serverA.uri(), "HTTP/1.1", "Connection: close\r\n", body);
      first.awaitSpaces(1);
    }
    second.awaitSpaces(4);
    return second;
  }

  @Test
  void clientOfHttp10ReadsTheResponseToItsEnd() throws Exception {
    try (RawPoll poll =
        new RawPoll(serverA.uri(), "HTTP/1.0", "", poll("old-1", "OLD", "raw", 60, ""))) {
      assertThat(poll.head()).contains("200").doesNotContain("chunked");
      poll.awaitSpaces(1);
      String task = task("OLD");

      JsonNode response = JSON.readTree(poll.readToEnd());

      assertThat(response.path("tasks").path(0).path("task").path("_id").asText()).isEqualTo(task);
    }
  }

  @Test
  void clientThatAcceptsCompressionGetsWhiteSpaceToo() throws Exception {
    try (RawPoll poll =
        new RawPoll(
            serverA.uri(),
            "HTTP/1.1",
            "Accept-Encoding: gzip\r\n",
            poll("zip-1", "ZIP", "raw", 60, ""))) {
      assertThat(poll.head()).startsWith("HTTP/1.1 200").doesNotContain("gzip");
      poll.awaitSpaces(2);
    }
    awaitConsumers("ZIP", 0);
  }

  @Test
  void serverThatStopsRespondsToOpenPolls() throws Exception {
    RawPoll poll;
    try (TestServer stopping = new TestServer(yaml())) {
      poll =
          new RawPoll(
              stopping.uri(),
              "HTTP/1.1",
              "Connection: close\r\n",
              poll("stop-1", "GONE2", "raw", 60, ""));
      poll.awaitSpaces(1);
    }
    try (poll) {
      assertThat(poll.readToEnd()).contains("{\"tasks\":[]}");
    }
  }

  @Test
  void errorBeforeTheWaitHasItsStatus() {
    assertThat(
            serverA
                .post("/worker/poll", poll("bad", "GONE", "raw", 60, ",\"first_report_s\":4"))
                .status())
        .isEqualTo(400);
    assertThat(
            serverA
                .send(
                    serverA
                        .request("/worker/poll")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()))
                .status())
        .isEqualTo(405);
  }

  @Test
  void grantWithoutReportIsGivenBackAndTheThirdCountsAsFailure() {
    String task = task("SILENT");
    for (int i = 1; i <= 3; i++) {
      JsonNode granted =
          granted(serverA, poll("silent-" + i, "SILENT", "curl", 60, ",\"first_report_s\":5"));
      assertThat(granted.path("attempt").asInt()).isEqualTo(i);
      assertThat(explanation(task))
          .contains("leased: ", "has sent no report yet", "within 5 seconds of the claim");
      awaitAttempt(task, i + 1);
      if (i < 3) {
        assertThat(view(task).path("failures").asInt()).isZero();
        assertThat(explanation(task))
            .contains("unreported: The server took the task back " + (i == 1 ? "once" : "2 times"))
            .contains("no report from worker curl within 5 s of the claim");
      }
    }

    assertThat(view(task).path("failures").asInt()).isEqualTo(1);
    assertThat(explanation(task)).doesNotContain("unreported: ");
    assertThat(history(task)).contains("3 times in a row", "failure 1 of 3");
  }

  @Test
  void restartedPlainHttpWorkerEndsTheRunsOfItsFormerProcess() {
    String task = task("LOST");
    JsonNode granted =
        granted(serverA, poll("lost-1", "LOST", "curl", 60, ",\"instance\":\"curl-1\""));
    report("started", task, granted);
    hello("curl-3", "curl-2");
    assertThat(view(task).path("attempt").asInt()).as("another process").isEqualTo(1);

    hello("curl-2", "curl-1");

    assertThat(view(task).path("attempt").asInt()).isEqualTo(2);
    assertThat(view(task).path("failures").asInt()).isEqualTo(1);
    assertThat(explanation(task)).contains("worker curl was restarted during the run");
    hello("curl-2", "curl-1");
    assertThat(view(task).path("failures").asInt()).as("a repeated hello").isEqualTo(1);
  }

  private void report(String type, String task, JsonNode granted) {
    TestServer.Response response =
        serverB.post(
            "/worker/report",
            """
            [{"type":"%s","worker":"curl","task":"%s","attempt":%d,"run":"%s","claim_id":"%s"}]
            """
                .formatted(
                    type,
                    task,
                    granted.path("attempt").asInt(),
                    granted.path("run").asText(),
                    granted.path("claim_id").asText()));
    assertThat(response.body().path(0).path("status").asInt()).isEqualTo(200);
  }

  private void hello(String instance, String replaces) {
    TestServer.Response response =
        serverB.post(
            "/worker/report",
            """
            [{"type":"hello","worker":"curl","keys":[],"concurrency":1,"running":0,
              "instance":"%s","replaces":"%s"}]
            """
                .formatted(instance, replaces));
    assertThat(response.body().path(0).path("status").asInt()).isEqualTo(200);
  }

  @Test
  void taskThatNoProcessEverReportsOnFails() {
    String task = task("UNSEEN");
    int grants = 0;
    while (view(task).path("state").asInt() != 500) {
      grants++;
      granted(
          serverA,
          poll("unseen-" + grants, "UNSEEN", "curl", 60, ",\"instance\":\"p-" + grants + "\""));
      hello("p-" + (grants + 1), "p-" + grants);
    }

    assertThat(grants).isEqualTo(9);
    assertThat(explanation(task)).contains("failure 3 of 3", "before it reported on the task");
  }

  private Process launch(String key, String mode, boolean broker) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MortalWorker.class.getName(),
                serverA.uri().toString(),
                state.toString(),
                key,
                mode));
    if (broker) {
      command.addAll(List.of(BACKENDS.backends().amqp().toString(), BACKENDS.prefix()));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(Path.of("target", "mortal-worker.log").toFile()))
            .start();
    processes.add(process);
    return process;
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void runOfKilledWorkerIsReplacedWhenItRestarts(boolean broker) throws Exception {
    String key = broker ? "HELDB" : "HELD";
    Process first = launch(key, "hold", broker);
    String task = task(key);
    await("the report of the run")
        .atMost(TIMEOUT)
        .until(() -> explanation(task).contains("Its last heartbeat or report was at"));
    kill(first);

    launch(key, "succeed", broker);

    await("success").atMost(TIMEOUT).until(() -> serverB.state(task) == 200);
    assertThat(view(task).path("attempt").asInt()).isEqualTo(2);
    assertThat(view(task).path("failures").asInt()).isEqualTo(1);
    assertThat(history(task)).contains("worker mortal was restarted during the run");
  }

  @Test
  void taskThatKillsItsPollingWorkerAtOnceFails() throws Exception {
    String task = task("DEADLY");
    int processesStarted = 0;
    while (serverB.state(task) != 500) {
      processesStarted++;
      assertThat(processesStarted).isLessThan(20);
      Process process = launch("DEADLY", "die", false);
      await("death, or the end of the task")
          .atMost(TIMEOUT)
          .until(() -> !process.isAlive() || serverB.state(task) == 500);
    }

    assertThat(view(task).path("failures").asInt()).isEqualTo(3);
    assertThat(explanation(task)).contains("failed: ", "failure 3 of 3");
  }
}
