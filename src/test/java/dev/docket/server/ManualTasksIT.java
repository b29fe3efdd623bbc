package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.protocol.manual.ManualProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tasks that people do over HTTP, on a real server, store and broker. */
final class ManualTasksIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final com.fasterxml.jackson.databind.ObjectMapper JSON =
      new com.fasterxml.jackson.databind.ObjectMapper();
  private static int documents;

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = start("{protocol: manual, timeout: 1s}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static TestServer start(String transcribe) throws Exception {
    return new TestServer(
        TestServer.config(
            BACKENDS.backends().elasticsearch(),
            BACKENDS.backends().amqp(),
            BACKENDS.prefix(),
            "keys: {TRANSCRIBE: " + transcribe + "}"),
        names -> new ManualProtocol());
  }

  private void restart(String transcribe) throws Exception {
    server.close();
    server = start(transcribe);
  }

  private String document() {
    return server.document("letter-" + ++documents, "Text");
  }

  private String task() {
    return server.task(document(), "TRANSCRIBE", "");
  }

  private TestServer.Response claim(String task, String person) {
    return server.post("/task/" + task + "/claim", "{\"worker\":\"" + person + "\"}");
  }

  /** Claims a task and returns what its reports repeat. */
  private ObjectNode claimed(String task, String person) {
    TestServer.Response response = claim(task, person);
    assertThat(response.status()).as(response.raw().body()).isEqualTo(200);
    ObjectNode run = JSON.createObjectNode().put("worker", person);
    for (String field : List.of("attempt", "run", "claim_id")) {
      run.set(field, response.body().path(field));
    }
    return run;
  }

  private TestServer.Response complete(String task, ObjectNode run, int state) {
    return server.post(
        "/task/" + task + "/complete", run.deepCopy().put("state", state).toString());
  }

  private String explanation(String task) {
    return server.get("/task/" + task + "/explain").text("summary");
  }

  private void awaitState(String task, int state) {
    // A run of another protocol waits half a minute before its next attempt.
    await().atMost(Duration.ofMinutes(3)).until(() -> server.state(task) == state);
  }

  @Test
  void personClaimsAndCompletesTask() throws Exception {
    String document = document();
    String task = server.task(document, "TRANSCRIBE", ",\"priority\":9");
    assertThat(server.get("/task/" + task).text("courier")).isEqualTo("manual");
    assertThat(server.get("/task/" + task).body().has("dispatched_at")).isFalse();
    assertThat(explanation(task)).contains("waits for a person to claim it");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                Stream.of("courier=manual&state=201&key=TRANSCRIBE&fresh=true")
                    .map(query -> server.get("/search/task?" + query).body().toString())
                    .anyMatch(found -> found.contains(task)));

    TestServer.Response changed =
        server.send(
            server
                .request("/document/" + document)
                .header("Content-Type", "application/merge-patch+json")
                .method(
                    "PATCH",
                    java.net.http.HttpRequest.BodyPublishers.ofString(
                        "{\"target\":{\"url\":\"file:///better\"}}")));
    assertThat(changed.status()).isEqualTo(200);
    TestServer.Response claim = claim(task, "Ada");
    assertThat(claim.body().at("/document/target/url").asText()).isEqualTo("file:///better");
    assertThat(claim.body().path("lease_seconds").asInt()).isZero();
    assertThat(claim.body().path("timeout_seconds").asInt()).isZero();
    ObjectNode run = JSON.createObjectNode().put("worker", "Ada");
    for (String field : List.of("attempt", "run", "claim_id")) {
      run.set(field, claim.body().path(field));
    }

    assertThat(server.state(task)).isEqualTo(102);
    assertThat(explanation(task)).contains("Ada").contains("since");
    assertThat(claim(task, "Bob").status()).isEqualTo(409);
    JsonNode lease = server.get("/task/" + task).body().path("lease");
    assertThat(lease.path("worker").asText()).isEqualTo("Ada");
    assertThat(lease.has("until")).isFalse();
    server.post(
        "/task/" + task + "/progress",
        run.deepCopy().put("progress", 40).put("stage", "page 2").toString());
    assertThat(server.get("/task/" + task).body().path("progress").asInt()).isEqualTo(40);

    restart("{protocol: manual, timeout: 1s}");
    ObjectNode done = run.deepCopy().put("state", 200).put("message", "done");
    done.putArray("results").addObject().putObject("payload").put("text", "Dear Ada");
    assertThat(server.post("/task/" + task + "/complete", done.toString()).status()).isEqualTo(200);

    assertThat(server.state(task)).isEqualTo(200);
    assertThat(server.get("/task/" + task + "/results").body().toString()).contains("Dear Ada");
    assertThat(server.post("/task/" + task + "/complete", done.toString()).status())
        .as("the response was lost")
        .isEqualTo(200);
    assertThat(BrokerMessages.existing(BACKENDS, List.of("docket.v1.TRANSCRIBE.Text"))).isEmpty();
  }

  @Test
  void onlyOneOfTwoPeopleGetsTask() {
    String task = task();
    List<CompletableFuture<Integer>> claims =
        Stream.of("Ada", "Bob")
            .map(person -> CompletableFuture.supplyAsync(() -> claim(task, person).status()))
            .toList();
    Set<Integer> statuses =
        claims.stream().map(CompletableFuture::join).collect(Collectors.toSet());
    assertThat(statuses).containsExactlyInAnyOrder(200, 409);
  }

  @Test
  void runHasNoLimitOfTimeAndNoLeaseToLose() {
    String held = task();
    claimed(held, "Ada");
    // A run of another protocol with the same timeout shows that the sweep has seen both.
    String worker = server.task(document(), "TRANSCRIBE", ",\"courier\":\"docket\"");
    TestServer.Response claim = claim(worker, "w");
    assertThat(claim.status()).isEqualTo(200);

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> server.get("/task/" + worker).body().path("attempt").asInt() > 1);

    assertThat(server.state(held)).isEqualTo(102);
    assertThat(server.get("/task/" + held).body().path("attempt").asInt()).isEqualTo(1);
  }

  @Test
  void failedAttemptsOpenTaskAgainUntilTheyAreUsedUp() {
    String task = task();
    assertThat(complete(task, claimed(task, "Ada"), 503).status()).isEqualTo(200);
    assertThat(server.state(task)).isEqualTo(201);
    assertThat(server.get("/task/" + task).body().has("due_at")).as("no backoff").isFalse();
    assertThat(complete(task, claimed(task, "Ada"), 503).status()).isEqualTo(200);
    assertThat(complete(task, claimed(task, "Bob"), 503).status()).isEqualTo(200);
    assertThat(server.state(task)).isEqualTo(503);

    assertThat(server.post("/task/" + task + "/retry", "").status()).isEqualTo(200);
    assertThat(server.state(task)).isEqualTo(201);
    assertThat(complete(task, claimed(task, "Ada"), 404).status()).isEqualTo(200);
    assertThat(server.state(task)).as("it will not get better").isEqualTo(404);
  }

  @Test
  void personGivesTaskBack() {
    String task = task();
    ObjectNode run = claimed(task, "Ada");
    ObjectNode report = run.deepCopy().put("type", "give_back").put("task", task);
    TestServer.Response response = server.post("/worker/report", "[" + report + "]");
    assertThat(response.body().at("/0/status").asInt()).isEqualTo(200);

    assertThat(server.state(task)).isEqualTo(201);
    assertThat(complete(task, run, 200).status()).as("of the former run").isEqualTo(409);
    claimed(task, "Bob");
  }

  @Test
  void cancelEndsOpenTaskAtOnceAndAsksTheHolder() {
    String open = task();
    server.post("/task/" + open + "/cancel", "");
    assertThat(server.state(open)).isEqualTo(499);

    String held = task();
    ObjectNode run = claimed(held, "Ada");
    server.post("/task/" + held + "/cancel", "");
    assertThat(server.state(held)).isEqualTo(102);
    TestServer.Response progress =
        server.post("/task/" + held + "/progress", run.deepCopy().put("progress", 1).toString());
    assertThat(progress.body().path("cancel_requested").asBoolean()).isTrue();
    assertThat(explanation(held)).contains("Cancellation was requested");

    server.post("/task/" + held + "/cancel", "");
    assertThat(server.state(held)).isEqualTo(102);
    server.post("/task/" + held + "/reset", "");
    server.post("/task/" + held + "/cancel", "");
    assertThat(server.state(held)).isEqualTo(499);
    assertThat(complete(held, run, 200).status()).isEqualTo(409);
  }

  @Test
  void operatorTakesTaskFromItsHolder() {
    String task = task();
    ObjectNode run = claimed(task, "Ada");
    assertThat(server.post("/task/" + task + "/forceretry", "").status()).isEqualTo(200);
    assertThat(server.state(task)).isEqualTo(201);
    assertThat(complete(task, run, 200).status()).isEqualTo(409);
    claimed(task, "Bob");
    server.post("/workers/TRANSCRIBE/reset/102", "");
    awaitState(task, 205);
    claimed(task, "Ada");
  }

  @Test
  void taskWaitsForTasksAndTasksWaitForIt() {
    String document = document();
    String task = server.task(document, "TRANSCRIBE", ",\"depends_on\":[\"SCAN\"]");
    String index = server.task(document, "INDEX", ",\"depends_on\":[\"TRANSCRIBE\"]");
    assertThat(server.state(task)).isEqualTo(412);
    assertThat(claim(task, "Ada").status()).isEqualTo(409);
    String scan = server.get("/task/" + task).body().at("/depends_on/0/id").asText();
    await().atMost(Duration.ofMinutes(1)).until(() -> server.get("/task/" + scan).status() == 200);
    await().atMost(Duration.ofMinutes(1)).until(() -> claim(scan, "w").status() == 200);
    JsonNode lease = server.get("/task/" + scan).body().path("lease");
    assertThat(lease.has("until")).isTrue();
    server.post("/task/" + scan + "/forceretry", "");
    awaitClaimable(scan);
    complete(scan, claimed(scan, "w"), 200);

    awaitState(task, 201);
    assertThat(server.state(index)).isEqualTo(412);
    complete(task, claimed(task, "Ada"), 200);
    await().atMost(Duration.ofMinutes(1)).until(() -> server.state(index) != 412);
  }

  private void awaitClaimable(String task) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> Set.of(201, 202, 422).contains(server.state(task)));
  }

  @Test
  void deletedTaskIsGoneForItsHolder() {
    String document = document();
    String task = server.task(document, "TRANSCRIBE", "");
    ObjectNode run = claimed(task, "Ada");
    assertThat(server.delete("/task/" + task).status()).isIn(200, 202, 204);
    assertThat(complete(task, run, 200).status()).isEqualTo(404);
    awaitGone(task);

    String again = server.task(document, "TRANSCRIBE", "");
    assertThat(server.delete("/document/" + document).status()).isIn(200, 202, 204);
    awaitGone(again);
  }

  private void awaitGone(String task) {
    await().atMost(Duration.ofMinutes(1)).until(() -> server.get("/task/" + task).status() == 404);
  }

  @Test
  void pollGetsNoManualTask() {
    server.task(document(), "OCR", ",\"courier\":\"manual\"");
    TestServer.Response poll =
        server.post(
            "/worker/poll",
            """
            {"poll_id":"p","keys":["OCR"],"worker":"w","max":1,"wait_s":1}
            """);
    assertThat(poll.status()).isEqualTo(200);
    assertThat(poll.body().path("tasks")).isEmpty();
  }

  @Test
  void nextRunHasTheProtocolThatTheKeyHasThen() throws Exception {
    String followsKey = task();
    String pinned = server.task(document(), "TRANSCRIBE", ",\"courier\":\"manual\"");
    ObjectNode held = claimed(followsKey, "Ada");

    restart("{protocol: docket}");
    assertThat(server.get("/task/" + followsKey).text("courier")).isEqualTo("manual");
    assertThat(complete(followsKey, held, 503).status()).isEqualTo(200);
    assertThat(server.get("/task/" + followsKey).text("courier")).isEqualTo("docket");
    awaitState(followsKey, 422);
    server.post("/task/" + pinned + "/forceretry", "");
    assertThat(server.get("/task/" + pinned).text("courier")).isEqualTo("manual");

    restart("{protocol: manual}");
    // An unroutable run has no message yet, so the sweep that would publish it moves it.
    awaitState(followsKey, 201);
    assertThat(server.get("/task/" + followsKey).text("courier")).isEqualTo("manual");
    complete(followsKey, claimed(followsKey, "Bob"), 200);
    assertThat(server.state(followsKey)).isEqualTo(200);
  }

  @Test
  void personWithoutKeyGivesNameAndContinuesUnderItElsewhere() {
    String task = task();
    Browser browser = new Browser(server, null);
    Browser.Page open = browser.open("/manual/task/" + task);
    assertThat(open.body()).contains("Your name").doesNotContain("/claim\"");
    assertThat(browser.submit(open, "name", Map.of("task", "a/b ?")).status()).isEqualTo(400);
    Browser.Page named = browser.submit(open, "name", Map.of("name", "  Zoë שרה "));
    Browser.Page mine = browser.submit(named, "claim", Map.of());
    assertThat(mine.body()).contains("name=\"result\"");
    assertThat(server.get("/task/" + task).body().at("/lease/worker").asText())
        .isEqualTo("Zoë שרה");

    Browser elsewhere = new Browser(server, null);
    elsewhere.submit(elsewhere.open("/manual"), "name", Map.of("name", "Zoë שרה"));
    assertThat(elsewhere.open("/manual").body()).contains("Your tasks").contains(task);
    Browser.Page page = elsewhere.open("/manual/task/" + task);
    Browser.Page wrong =
        elsewhere.submit(page, "complete", Map.of("result", "{\"a\":", "format", "json"));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body())
        .contains("Must be JSON")
        .contains("{&#34;a&#34;:".replace("&#34;", "\""));
    assertThat(
            elsewhere.submit(wrong, "complete", Map.of("result", "x".repeat(2_000_000))).status())
        .as("too large for a result")
        .isEqualTo(413);
    assertThat(elsewhere.submit(wrong, "complete", Map.of("result", "Dear Ada")).body())
        .contains("The task is completed.");
    assertThat(server.get("/task/" + task + "/results").body().at("/0/payload/text").asText())
        .isEqualTo("Dear Ada");
  }

  @Test
  void listOfOwnTasksNeedsName() {
    String task = task();
    claimed(task, "Ada");
    assertThat(server.get("/manual/mine").status()).isEqualTo(400);
    assertThat(server.get("/manual/mine?worker=Ada&fresh=true").body().toString()).contains(task);
    assertThat(server.get("/manual/open?fresh=true").body().toString()).doesNotContain(task);
    assertThat(server.post("/task/" + task + "/claim", "{}").status()).isEqualTo(400);
    assertThat(
            server
                .post("/task/" + task + "/claim", "{\"worker\":\"Ada\",\"resume\":true}")
                .status())
        .isEqualTo(200);
  }
}
