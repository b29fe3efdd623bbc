package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TaskHandler;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Logs of tasks on two servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TaskLogIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @TempDir Path state;

  private final List<AutoCloseable> closeables = new ArrayList<>();
  private TwoServers servers;
  private TestServer serverA;
  private TestServer serverB;

  @BeforeAll
  void start() throws Exception {
    servers =
        TwoServers.start(
            TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                """
                logs:
                  {maxLineLength: 1000, maxAppendLines: 500, maxAppend: 1MiB, maxRunLines: 12000, maxRun: 1MiB}
                # An append does not extend the lease.
                keys:
                  BOTH: {lease: 5m}
                  ODD: {lease: 5m}
                  INVALID: {lease: 5m}
                  STALE: {lease: 5m}
                  ENDS: {lease: 5m}
                  FULL: {lease: 5m}
                  DELETED: {lease: 5m}
                """));
    serverA = servers.a();
    serverB = servers.b();
  }

  @AfterEach
  void closeWorkers() throws Exception {
    for (AutoCloseable each : closeables) {
      each.close();
    }
    closeables.clear();
  }

  @AfterAll
  void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  private String task(String key) {
    return serverA.task(serverA.document("film-" + key, "Text"), key, "");
  }

  private void worker(String key, TaskHandler handler) {
    DocketWorker worker =
        DocketWorker.builder().server(serverA.uri()).handler(key, handler).build();
    worker.start();
    closeables.add(worker);
  }

  /** Claims the task; returns the fields that identify the run. */
  private String claimed(String task) {
    TestServer.Response claim = serverA.post("/task/" + task + "/claim", "{\"worker\":\"curl\"}");
    assertThat(claim.status()).as(claim.raw().body()).isEqualTo(200);
    JsonNode granted = claim.body();
    return """
        "worker":"curl","attempt":%d,"run":"%s","claim_id":"%s"
        """
        .formatted(
            granted.path("attempt").asInt(),
            granted.path("run").asText(),
            granted.path("claim_id").asText())
        .strip();
  }

  /** Appends numbered lines; again while the store is slow, as a worker does. */
  private static TestServer.Response append(
      TestServer server, String task, String run, String more) {
    String body = "{" + run + "," + more + "}";
    assertThat(more).as("a repetition must be recognized").startsWith("\"first\":");
    return await()
        .atMost(TIMEOUT)
        .until(() -> server.post("/task/" + task + "/log", body), sent -> sent.status() != 503);
  }

  private static void appendAll(TestServer server, String task, String run, String more) {
    TestServer.Response response = append(server, task, run, more);
    assertThat(response.status()).as(response.raw().body()).isEqualTo(200);
  }

  private static TestServer.Response log(TestServer server, String task, String query) {
    return server.get("/task/" + task + "/log" + query);
  }

  private static List<String> messages(JsonNode page) {
    List<String> messages = new ArrayList<>();
    page.path("lines").forEach(line -> messages.add(line.path("message").asText()));
    return messages;
  }

  private static List<String> messages(TestServer server, String task) {
    return messages(log(server, task, "?limit=10000").body());
  }

  private static String numbered(int from, int end) {
    return IntStream.range(from, end)
        .mapToObj(i -> "{\"level\":\"debug\",\"message\":\"line " + i + "\"}")
        .reduce((a, b) -> a + "," + b)
        .map(lines -> "\"first\":" + from + ",\"lines\":[" + lines + "]")
        .orElseThrow();
  }

  @Test
  void peopleAndWorkersAppendOverBothServers() {
    String task = task("BOTH");
    assertThat(log(serverA, task, "").body().path("lines")).isEmpty();
    String run = claimed(task);

    appendAll(serverA, task, run, numbered(0, 3));
    appendAll(serverB, task, run, "\"first\":3,\"level\":\"warn\",\"message\":\"Straße 日本\\n🎞️\"");
    appendAll(serverB, task, run, numbered(4, 6));
    appendAll(serverA, task, run, numbered(0, 7));

    JsonNode page = log(serverA, task, "").body();
    assertThat(messages(page))
        .containsExactly(
            "line 0", "line 1", "line 2", "Straße 日本", "🎞️", "line 4", "line 5", "line 6");
    assertThat(page.path("lines").get(4).path("line").asInt()).isEqualTo(5);
    assertThat(page.path("truncated").asBoolean()).isFalse();
    assertThat(messages(log(serverB, task, "?level=warn").body()))
        .containsExactly("Straße 日本", "🎞️");
    JsonNode first = log(serverB, task, "?limit=3").body();
    assertThat(first.path("more").asBoolean()).isTrue();
    assertThat(messages(log(serverA, task, "?after=" + first.path("next").asText()).body()))
        .hasSize(5)
        .startsWith("Straße 日本");
  }

  @Test
  void oneLineCannotMakeTheStoreRejectTheOthers() {
    String task = task("ODD");
    String run = claimed(task);
    String odd =
        "\"first\":0,\"lines\":[{\"message\":\"a\\u0000\\ud800b\"},{\"message\":\"\\u001b[31mred\"},"
            + "{\"message\":\"%s\"},{\"message\":\"\"}]".formatted("x".repeat(1_001));

    appendAll(serverA, task, run, odd);

    assertThat(messages(serverB, task))
        .containsExactly(
            "a\ufffd\ufffdb",
            "red",
            "x".repeat(1_000) + " … [cut; the line had 1001 characters]",
            "");
  }

  @Test
  void rejectsWhatIsInvalidAndNamesTheFieldOrTheLimit() {
    String task = task("INVALID");
    String run = claimed(task);

    assertThat(
            append(serverA, task, run, "\"first\":0,\"level\":\"loud\",\"message\":\"m\"")
                .raw()
                .body())
        .contains("/level", "must be one of TRACE, DEBUG, INFO, WARN, ERROR");
    assertThat(
            append(
                    serverA,
                    task,
                    run,
                    "\"first\":0,\"lines\":[{\"at\":\"today\",\"message\":\"m\"}]")
                .raw()
                .body())
        .contains("/lines/0/at", "2026-03-01T12:00:00.123Z");
    TestServer.Response tooMany = append(serverA, task, run, numbered(0, 501));
    assertThat(tooMany.status()).isEqualTo(413);
    assertThat(tooMany.raw().body()).contains("at most 500 lines (was 501)");
    assertThat(log(serverA, task, "?attempt=2").raw().body()).contains("between 1 and 1 (was 2)");
    assertThat(log(serverA, task, "?limit=0").status()).isEqualTo(400);
    assertThat(log(serverA, "no-such-task", "").status()).isEqualTo(404);
    assertThat(messages(serverA, task)).isEmpty();
  }

  @Test
  void staleRunMayNotAppend() {
    String task = task("STALE");
    String run = claimed(task);
    serverA.post("/task/" + task + "/complete", "{" + run + ",\"state\":503}");
    await().atMost(TIMEOUT).until(() -> attempt(task) == 2);

    // Server B has never seen this run.
    TestServer.Response late = append(serverB, task, run, "\"first\":0,\"message\":\"late\"");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.raw().body()).contains("is not the current run of the task (attempt 2)");
    assertThat(messages(log(serverA, task, "?attempt=all").body())).isEmpty();
  }

  private int attempt(String task) {
    return serverA.get("/task/" + task).body().path("attempt").asInt();
  }

  @Test
  void lastLinesOfRetriedRunArriveInTheReportThatEndsIt() {
    String task = task("ENDS");
    String run = claimed(task) + ",\"task\":\"" + task + "\"";
    TestServer.Response response =
        serverA.post(
            "/worker/report",
            "[{\"type\":\"log\",%s,\"first\":0,\"message\":\"one\"},".formatted(run)
                + "{\"type\":\"log\",%s,\"first\":1,\"message\":\"two\"},".formatted(run)
                + "{\"type\":\"complete\",%s,\"state\":503,\"message\":\"gone\"}]".formatted(run));
    // On a slow store, the lines are stored a moment after the response.
    assertThat(response.body().findValuesAsText("status"))
        .hasSize(3)
        .allMatch(status -> status.equals("200") || status.equals("503"))
        .last()
        .isEqualTo("200");
    appendAll(serverA, task, run.replaceAll(",\"task.*", ""), "\"first\":2,\"message\":\"three\"");
    await().atMost(TIMEOUT).until(() -> attempt(task) == 2);

    assertThat(messages(log(serverB, task, "?attempt=1").body()))
        .containsExactly("one", "two", "three");
    assertThat(log(serverB, task, "").body().path("lines")).isEmpty();
    JsonNode all = log(serverB, task, "?attempt=all").body();
    assertThat(messages(all)).containsExactly("one", "two", "three");
  }

  @Test
  void runBeyondItsLimitDropsLinesAndSaysSo() {
    String task = task("FULL");
    String run = claimed(task);
    String line = "{\"message\":\"%s\"}".formatted("y".repeat(1_000));
    String lines = ",\"lines\":[" + (line + ",").repeat(299) + line + "]";
    for (int i = 0; i < 4; i++) {
      appendAll(i % 2 == 0 ? serverA : serverB, task, run, "\"first\":" + 300 * i + lines);
    }
    assertThat(append(serverA, task, run, "\"first\":1200" + lines).text("why"))
        .isEqualTo("the log of the run is full; dropped lines: 300");

    JsonNode page = log(serverA, task, "?limit=10000").body();
    assertThat(page.path("truncated").asBoolean()).isTrue();
    assertThat(messages(page))
        .hasSize(1_048)
        .last()
        .asString()
        .contains("further lines are dropped");
  }

  @Test
  void workerLogsTenThousandLinesAndItsStackTrace() throws Exception {
    worker(
        "MANY",
        (task, context) -> {
          for (int i = 0; i < 10_000; i++) {
            context.log("zeile " + i + " ü");
          }
          throw new IllegalStateException("no model");
        });
    String task = task("MANY");
    await().atMost(TIMEOUT).until(() -> serverA.state(task) == 500);
    await()
        .atMost(TIMEOUT)
        .until(() -> !messages(log(serverA, task, "?level=error").body()).isEmpty());

    HttpResponse<String> text = get(task, "text/plain", "");
    assertThat(text.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    List<String> lines = text.body().lines().toList();
    assertThat(lines.get(9_999)).endsWith("Z INFO zeile 9999 ü");
    assertThat(lines.get(10_000)).endsWith(" ERROR java.lang.IllegalStateException: no model");
    assertThat(lines.get(10_001)).contains("TaskLogIT");
    assertThat(get(task, "application/x-ndjson", "?level=error").body().lines().findFirst())
        .hasValueSatisfying(
            line -> assertThat(line).contains("\"line\":10001", "\"level\":\"ERROR\""));
    assertThat(serverA.get("/task/" + task).text("message"))
        .isEqualTo("java.lang.IllegalStateException: no model");
  }

  private HttpResponse<String> get(String task, String type, String query) throws Exception {
    HttpRequest request =
        serverA.request("/task/" + task + "/log" + query).header("Accept", type).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Opens a stream of events on server B. */
  private BufferedReader follow(String task, String query, String... headers) throws Exception {
    HttpRequest.Builder request =
        serverB.request("/task/" + task + "/log" + query).header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    closeables.add(reader);
    return reader;
  }

  /** The next line of the stream that contains a text. */
  private static String awaitLine(BufferedReader stream, String text) throws Exception {
    return within(
        () -> {
          String line = stream.readLine();
          while (line != null && !line.contains(text)) {
            line = stream.readLine();
          }
          return assertThat(line).as(text).isNotNull().actual();
        });
  }

  private static String nextLine(BufferedReader stream) throws Exception {
    return within(stream::readLine);
  }

  /** Reads from a stream, which keep-alives keep open without a line. */
  private static String within(Callable<String> read) throws Exception {
    FutureTask<String> task = new FutureTask<>(read);
    Thread thread = new Thread(task, "reader of a log");
    thread.setDaemon(true);
    thread.start();
    return task.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void followsRunThroughItsEndAndResumesAfterLostConnection() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    worker(
        "FOLLOWED",
        (task, context) -> {
          context.log("before");
          started.countDown();
          goOn.await();
          context.log("after");
          return Outcome.success("done");
        });
    String task = task("FOLLOWED");
    BufferedReader stream = follow(task, "");
    assertThat(started.await(1, TimeUnit.MINUTES)).isTrue();
    awaitLine(stream, "\"before\"");
    goOn.countDown();
    awaitLine(stream, "\"after\"");
    awaitLine(stream, "event: end");
    assertThat(nextLine(stream))
        .isEqualTo("data: {\"attempt\":1,\"state\":200,\"truncated\":false}");
    assertThat(nextLine(stream)).isEmpty();
    assertThat(nextLine(stream)).as("the end of the stream").isNull();

    BufferedReader resumed = follow(task, "", "Last-Event-ID", "1.0.0");
    assertThat(nextLine(resumed)).isEqualTo("id: 1.1.0");
    assertThat(nextLine(resumed)).isEqualTo("event: line");
    assertThat(nextLine(resumed)).contains("\"after\"");
  }

  @Test
  void followsAllRunsUntilTheTaskHasEnded() throws Exception {
    worker(
        "RETRIED",
        (task, context) -> {
          context.log("attempt " + task.attempt());
          return task.attempt() < 3 ? Outcome.unavailable("again") : Outcome.success("done");
        });
    String task = task("RETRIED");
    BufferedReader stream = follow(task, "?attempt=all");
    for (int attempt = 1; attempt <= 3; attempt++) {
      awaitLine(stream, "\"attempt " + attempt + "\"");
    }
    awaitLine(stream, "event: end");
    assertThat(nextLine(stream)).contains("\"attempt\":3,\"state\":200");
  }

  @Test
  void linesOfKilledWorkerAreReadable() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MortalWorker.class.getName(),
                serverA.uri().toString(),
                state.toString(),
                "KILLED",
                "hold")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    closeables.add(process::destroyForcibly);
    String task = task("KILLED");
    await().atMost(TIMEOUT).until(() -> messages(serverB, task).contains("holding"));

    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    await().atMost(TIMEOUT).until(() -> attempt(task) == 2);

    assertThat(messages(log(serverB, task, "?attempt=1").body())).containsExactly("holding");
  }

  @Test
  void deletionOfTaskDeletesItsLogs() throws Exception {
    String task = task("DELETED");
    String run = claimed(task);
    appendAll(serverA, task, run, numbered(0, 3));
    appendAll(serverB, task, run, numbered(3, 5));
    BufferedReader stream = follow(task, "");
    awaitLine(stream, "\"line 4\"");
    serverA.delete("/task/" + task);

    awaitLine(stream, "event: end");
    await().atMost(TIMEOUT).until(() -> storedChunks(task) == 0);
    assertThat(log(serverA, task, "").status()).isEqualTo(404);
  }

  private int storedChunks(String task) throws Exception {
    String index = BACKENDS.backends().elasticsearch() + "/" + BACKENDS.prefix() + "logs";
    HttpClient http = HttpClient.newHttpClient();
    http.send(
        HttpRequest.newBuilder(java.net.URI.create(index + "/_refresh"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.discarding());
    String body =
        http.send(
                HttpRequest.newBuilder(java.net.URI.create(index + "/_count?q=task_id:" + task))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    assertThat(body).contains("\"count\":");
    return Integer.parseInt(body.replaceAll(".*\"count\":(\\d+).*", "$1"));
  }
}
