package dev.docket.server;

import static dev.docket.worker.TargetType.SOUND;
import static dev.docket.worker.TargetType.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TaskHandler;
import dev.docket.worker.WorkerBuilder;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The server with real workers, from submission to end state; run on each kind of broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerWithWorkersContract {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final AtomicInteger number = new AtomicInteger();
  private final List<DocketWorker> workers = new ArrayList<>();
  private TestServer server;

  abstract BackendsExtension backends();

  @BeforeAll
  void startServer() throws Exception {
    String yaml =
        TestServer.config(
            backends().backends().elasticsearch(),
            backends().backends().amqp(),
            backends().prefix(),
            "");
    server = new TestServer(yaml, LateAckProtocol::new);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void stopWorkers() {
    workers.forEach(DocketWorker::stop);
    workers.clear();
  }

  @Test
  void executesTaskAndServesResults() {
    String document = server.document("first " + next(), "Text");
    worker(
        "COUNT",
        (task, context) -> {
          context.progress(50, "halfway");
          return Outcome.success("да, 数えた")
              .result(Map.of("words", 3, "of", task.document().target().id()))
              .result(List.of(1, 2));
        });

    String task = server.task(document, "count", ",\"args\":{\"x\":[1.50,null]}");

    awaitState(task, 200);
    JsonNode read = server.get("/task/" + task).body();
    assertThat(read.path("message").asText()).isEqualTo("да, 数えた");
    assertThat(read.path("attempt").asInt()).isEqualTo(1);
    assertThat(read.path("results").path("count").asInt()).isEqualTo(2);
    assertThat(read.path("queued_ms").isNumber()).isTrue();
    assertThat(read.path("run_ms").isNumber()).isTrue();
    assertThat(server.get("/task/" + task).raw().body())
        .as("numbers keep their digits")
        .contains("\"args\":{\"x\":[1.50,null]}");
    assertThat(read.has("run")).as("the run token is shown to the worker only").isFalse();
    JsonNode results = server.get("/task/" + task + "/results").body();
    assertThat(results).hasSize(2);
    assertThat(results.get(0).path("payload").path("words").asInt()).isEqualTo(3);
    assertThat(server.get("/document/" + document + "/results").body()).isEqualTo(results);
    String id = results.get(0).path("id").asText();
    await().atMost(TIMEOUT).until(() -> server.get("/result/" + id).status() == 200);
    assertThat(states(task)).startsWith(201).endsWith(200).contains(102);
  }

  @Test
  void searchesAndExportsCurrentResults() throws Exception {
    String document = server.document("found, \\\"quoted\\\" " + next(), "Text");
    worker(
        "FIND",
        (task, context) ->
            Outcome.success("found").result(Map.of("mime", "image/png")).result("=1+1, 漢字"));
    String task = server.task(document, "FIND", "");
    awaitState(task, 200);
    String path = "/search/result?fresh=true&sort=id&task_id=" + task;
    awaitResults(path, 1);
    JsonNode hits = server.get(path).body().path("hits");
    assertThat(server.get(path + "&payload.mime=image/*").body().path("hits")).hasSize(1);
    assertThat(exported(path, "application/x-ndjson").lines().toList())
        .containsExactly(hits.get(0).toString(), hits.get(1).toString());
    assertThat(exported(path, "text/csv")).hasLineCount(3).contains("\"\"\"=1+1, 漢字\"\"\"");
    assertThat(exported("/search/document?fresh=true&id=" + document, "text/csv"))
        .hasLineCount(2)
        .contains(",\"found, \"\"quoted\"\"");
    assertThat(exported("/search/task?fresh=true&id=" + task, "text/csv"))
        .hasLineCount(2)
        .contains(",200,SUCCESS,found,");

    server.post("/task/" + task + "/forceretry", "");

    awaitResults(path, 2);
  }

  @Test
  void findsLongQueryValuesOrRejectsThem() {
    String longId = next() + "漢".repeat(2_726) + "*";
    String document = server.document(longId, "Text");
    String query =
        "/search/document?fresh=true&target.id="
            + URLEncoder.encode(longId.replace("*", "\\*"), StandardCharsets.UTF_8);
    assertThat(server.get(query).body().path("hits"))
        .singleElement()
        .satisfies(hit -> assertThat(hit.path("id").asText()).isEqualTo(document));
    TestServer.Response rejected = server.get("/search/task?q=" + "x".repeat(10_000));
    assertThat(rejected.status()).isEqualTo(400);
    assertThat(rejected.body().at("/errors/0/pointer").asText()).isEqualTo("q");
    assertThat(server.get("/search/task?q=%00").status()).isEqualTo(200);
  }

  private void awaitResults(String path, int attempt) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(server.get(path).body().path("hits"))
                    .hasSize(2)
                    .allMatch(hit -> hit.path("attempt").asInt() == attempt));
  }

  private String exported(String path, String accept) {
    TestServer.Response response = server.send(server.request(path).header("Accept", accept).GET());
    assertThat(response.status()).isEqualTo(200);
    return response.raw().body();
  }

  @Test
  void executesUnroutableTasksOnceWorkerStarts() {
    String document = server.document("unroutable " + next(), "Sound");
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tasks.add(server.task(document, "LATER", ",\"repeatable\":true"));
    }
    tasks.forEach(task -> awaitState(task, 422));

    worker("LATER", (task, context) -> Outcome.success("done"));

    tasks.forEach(task -> awaitState(task, 200));
    tasks.forEach(
        task ->
            assertThat(server.get("/task/" + task).body().path("attempt").asInt()).isEqualTo(1));
  }

  @Test
  void explainsWhatTaskWaitsForAndHowItEnded() {
    String document = server.document("explained " + next(), "Text");
    String needed = server.task(document, "EXPLAINED", "");
    awaitState(needed, 422);
    assertThat(findings(needed)).containsExactly("no_queue", "census_unknown");
    String waiting = server.task(document, "AFTERWARDS", ",\"depends_on\":[\"EXPLAINED\"]");
    await()
        .atMost(TIMEOUT)
        .until(() -> findings(waiting).equals(List.of("waits_for", "dependency")));
    assertThat(server.get("/task/" + waiting + "/explain").text("summary"))
        .isEqualTo("The task is waiting for 1 other task to succeed: EXPLAINED.");

    JsonNode claimed = server.post("/task/" + needed + "/claim", "{\"worker\":\"me\"}").body();
    assertThat(findings(needed)).startsWith("leased");
    JsonNode leased = server.get("/task/" + needed + "/explain").body();
    assertThat(leased.at("/findings/0/evidence/worker").asText()).isEqualTo("me");
    assertThat(leased.toString())
        .doesNotContain(claimed.path("run").asText())
        .doesNotContain(claimed.path("claim_id").asText());

    String ended =
        "{\"worker\":\"me\",\"attempt\":1,\"run\":\"%s\",\"claim_id\":\"%s\",\"state\":404}"
            .formatted(claimed.path("run").asText(), claimed.path("claim_id").asText());
    assertThat(server.post("/task/" + needed + "/complete", ended).status()).isEqualTo(200);
    assertThat(findings(needed)).startsWith("failed");
    awaitState(waiting, 424);
    assertThat(findings(waiting)).startsWith("failed_dependency", "dependency_failed");
    assertThat(server.get("/task/nowhere/explain").status()).isEqualTo(404);
  }

  private List<String> findings(String task) {
    return server
        .get("/task/" + task + "/explain")
        .body()
        .path("findings")
        .findValuesAsText("kind");
  }

  @Test
  void dependentsWaitForDependenciesAndFailWithThem() {
    String document = server.document("chain " + next(), "Text");
    AtomicReference<Outcome> first = new AtomicReference<>(Outcome.badRequest("no"));
    worker("FIRST", (task, context) -> first.get());
    worker("SECOND", (task, context) -> Outcome.success("ok"));
    worker("THIRD", (task, context) -> Outcome.success("ok"));

    String third = server.task(document, "THIRD", ",\"depends_on\":[\"SECOND\"]");
    awaitState(third, 200);
    assertThat(server.get("/document/" + document + "/tasks").body())
        .as("a missing dependency is created")
        .hasSize(2);

    String secondDocument = server.document("chain " + next(), "Text");
    String waiting = server.task(secondDocument, "SECOND", ",\"depends_on\":[{\"key\":\"FIRST\"}]");
    String indirect =
        server.task(secondDocument, "THIRD", ",\"depends_on\":[{\"id\":\"" + waiting + "\"}]");
    awaitState(waiting, 424);
    awaitState(indirect, 424);
    assertThat(server.get("/task/" + waiting).text("message")).contains("FIRST").contains("400");

    first.set(Outcome.success("yes"));
    String needed =
        server.get("/task/" + waiting).body().path("depends_on").get(0).path("id").asText();
    assertThat(server.post("/task/" + needed + "/retry", "").status()).isEqualTo(200);
    awaitState(waiting, 200);
    awaitState(indirect, 200);
  }

  @Test
  void retriesTemporaryFailureUntilMaxAttempts() {
    String document = server.document("again " + next(), "Text");
    AtomicInteger runs = new AtomicInteger();
    worker(
        "FLAKY",
        (task, context) ->
            runs.incrementAndGet() < 3 ? Outcome.unavailable("not now") : Outcome.success("now"));
    worker("BROKEN", (task, context) -> Outcome.unavailable("never"));

    String flaky = server.task(document, "FLAKY", "");
    String broken =
        server.task(document, "BROKEN", ",\"retry\":{\"max_attempts\":2,\"backoff\":\"PT0.1S\"}");

    awaitState(flaky, 200);
    assertThat(server.get("/task/" + flaky).body().path("attempt").asInt()).isEqualTo(3);
    awaitState(broken, 503);
    assertThat(server.get("/task/" + broken).body().path("failures").asInt()).isEqualTo(2);
  }

  @Test
  void doesNotExecuteDelayedTaskBeforeDueTime() {
    String document = server.document("delayed " + next(), "Text");
    worker("DELAYED", (task, context) -> Outcome.success("done"));
    java.time.Instant due = java.time.Instant.now().plusSeconds(10);

    String task = server.task(document, "DELAYED", ",\"due_at\":\"" + due + "\"");

    assertThat(server.state(task)).isEqualTo(201);
    awaitState(task, 200);
    assertThat(
            java.time.Instant.parse(server.get("/task/" + task).text("started_at"))
                .isBefore(due.minusMillis(1)))
        .isFalse();
  }

  @Test
  void givesTaskOfSilentWorkerToAnother() {
    String document = server.document("silent " + next(), "Text");
    String task = server.task(document, "SILENT", "");
    JsonNode claimed = server.post("/task/" + task + "/claim", "{\"worker\":\"sleeper\"}").body();
    worker("SILENT", (t, context) -> Outcome.success("done"));

    awaitState(task, 200);

    assertThat(server.get("/task/" + task).body().path("attempt").asInt()).isEqualTo(2);
    TestServer.Response late =
        server.post(
            "/task/" + task + "/complete",
            """
            {"worker":"sleeper","attempt":1,"run":"%s","claim_id":"%s","state":200,
             "results":[{"payload":"too late"}]}
            """
                .formatted(claimed.path("run").asText(), claimed.path("claim_id").asText()));
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.body().path("attempt").asInt()).isEqualTo(2);
    assertThat(server.get("/task/" + task + "/results").body()).isEmpty();
    assertThat(server.get("/task/" + task + "/history").body().toString())
        .contains("refused complete");
  }

  @Test
  void workerCancelsRunningTask() {
    String document = server.document("cancel " + next(), "Text");
    CountDownLatch started = new CountDownLatch(1);
    worker(
        "ENDLESS",
        (task, context) -> {
          started.countDown();
          new CountDownLatch(1).await();
          return Outcome.success("never");
        });
    String task = server.task(document, "ENDLESS", "");
    awaitState(task, 102);

    assertThat(server.post("/task/" + task + "/cancel", "").status()).isEqualTo(200);
    assertThat(server.post("/task/" + task + "/cancel", "").status()).isEqualTo(200);

    awaitState(task, 499);
    assertThat(started.getCount()).isZero();
  }

  @Test
  void executesHighPriorityFirst() {
    String document = server.document("priority " + next(), "Text");
    Semaphore gate = new Semaphore(0);
    ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
    String first = server.task(document, "RANKED", ",\"repeatable\":true");
    worker(
        "RANKED",
        (task, context) -> {
          gate.acquire();
          order.add(task.priority());
          return Outcome.success("done");
        });
    awaitState(first, 102);
    List<String> tasks = new ArrayList<>();
    for (int priority : new int[] {0, 3, 0, 8, 3, 0, 8, 0, 0, 0}) {
      tasks.add(server.task(document, "RANKED", ",\"repeatable\":true,\"priority\":" + priority));
    }
    tasks.forEach(task -> awaitState(task, 202));
    stopWorkers();
    gate.release(100);
    order.clear();
    worker(
        "RANKED",
        (task, context) -> {
          order.add(task.priority());
          return Outcome.success("done");
        });

    tasks.forEach(task -> awaitState(task, 200));

    assertThat(order.stream().filter(p -> p == 8).count()).isEqualTo(2);
    assertThat(List.copyOf(order).subList(0, 3)).contains(8, 8);
  }

  @Test
  void executesTasksOfPollingWorkers() {
    String document = server.document("polled " + next(), "Text");
    DocketWorker worker =
        DocketWorker.builder()
            .server(server.uri())
            .key("POLLED")
            .types(TEXT)
            .concurrency(4)
            .handler((task, context) -> Outcome.success("polled").result(Map.of("n", 1)))
            .build();
    worker.start();
    workers.add(worker);
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      tasks.add(server.task(document, "POLLED", ",\"repeatable\":true"));
    }

    tasks.forEach(task -> awaitState(task, 200));
    tasks.forEach(task -> assertThat(server.get("/task/" + task + "/results").body()).hasSize(1));
    JsonNode seen = server.get("/workers/POLLED").body().path("workers");
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).path("concurrency").asInt()).isEqualTo(4);
    String poll =
        "{\"poll_id\":\"p1\",\"keys\":[\"CURLED\"],\"types\":[\"Text\"],\"worker\":\"curl\",\"max\":1}";
    assertThat(server.post("/worker/poll", poll).status()).isEqualTo(200);
    JsonNode polling = server.get("/workers/CURLED").body();
    assertThat(polling.path("workers")).hasSize(1);
    assertThat(polling.path("census").asText()).isEqualTo("none");
  }

  @Test
  void deletesDocumentWithTasksAndRegistersItAgain() {
    String name = "deleted " + next();
    String document = server.document(name, "Text");
    worker("KEPT", (task, context) -> Outcome.success("done").result("x"));
    String task = server.task(document, "KEPT", "");
    awaitState(task, 200);
    String result = server.get("/task/" + task + "/results").body().get(0).path("id").asText();

    assertThat(server.delete("/document/" + document).status()).isEqualTo(204);

    assertThat(server.get("/document/" + document).status()).isEqualTo(404);
    assertThat(
            server
                .post("/task", "{\"document_id\":\"" + document + "\",\"key\":\"MORE\"}")
                .status())
        .isEqualTo(404);
    await().atMost(TIMEOUT).until(() -> server.get("/task/" + task).status() == 404);
    await().atMost(TIMEOUT).until(() -> server.get("/result/" + result).status() == 404);
    String reregistered = server.document(name, "Text");
    assertThat(reregistered).isEqualTo(document);
    assertThat(server.get("/document/" + reregistered).body().has("predecessor")).isTrue();
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                server
                        .post(
                            "/task", "{\"document_id\":\"" + reregistered + "\",\"key\":\"KEPT\"}")
                        .status()
                    == 201);
    awaitState(task, 200);
  }

  @Test
  void respondsToEachLineOfNdjsonBatch() {
    String prefix = "line " + next() + " ";
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1200; i++) {
      lines.append(
          i % 100 == 7
              ? "{\"target\":1}\n"
              : "{\"target\":{\"id\":\""
                  + prefix
                  + i
                  + "\",\"url\":\"file:///x\",\"type\":\"Text\"},"
                  + "\"creator\":{\"id\":\"a\",\"type\":\"Human\"}}\n");
    }

    TestServer.Response response =
        server.send(
            server
                .request("/documents")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString())));

    List<String> responses = response.raw().body().lines().toList();
    assertThat(responses).hasSize(1200);
    assertThat(responses.stream().filter(line -> line.contains("\"status\":201"))).hasSize(1188);
    assertThat(responses.get(7)).startsWith("{\"index\":7,").contains("/target");
    assertThat(responses.get(1199)).startsWith("{\"index\":1199,\"status\":201");
  }

  private DocketWorker worker(String key, TaskHandler handler) {
    WorkerBuilder builder =
        DocketWorker.builder()
            .server(server.uri())
            .broker(backends().backends().amqp().toString())
            .queuePrefix(backends().prefix())
            .key(key)
            .types(TEXT, SOUND)
            .handler(handler);
    DocketWorker worker = builder.stopLimit(Duration.ofSeconds(5)).build();
    worker.start();
    workers.add(worker);
    return worker;
  }

  private void awaitState(String task, int state) {
    await("task " + task + " is " + state)
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(server.state(task))
                    .as(() -> server.get("/task/" + task).raw().body())
                    .isEqualTo(state));
  }

  private List<Integer> states(String task) {
    List<Integer> states = new ArrayList<>();
    server
        .get("/task/" + task + "/history")
        .body()
        .forEach(transition -> states.add(transition.path("to").asInt()));
    return states;
  }

  private int next() {
    return number.incrementAndGet();
  }
}
