package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.protocol.manual.ManualProtocol;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services on two servers: changes, the arguments of tasks, policies and queues. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServiceIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TestServer serverA;
  private TestServer serverB;

  @BeforeAll
  void start() throws Exception {
    serverA = server();
    serverB = server();
    await()
        .until(
            () -> serverA.get("/ready").status() == 200 && serverB.get("/ready").status() == 200);
  }

  private static TestServer server() throws Exception {
    return new TestServer(
        TestServer.config(
            BACKENDS.backends().elasticsearch(),
            BACKENDS.backends().amqp(),
            BACKENDS.prefix(),
            """
            keys: {OLD_KEY: {maxAttempts: 7}}
            services:
              configured:
                summary: Reads pages
                types: [Text]
                options: [{name: language, type: string, mandatory: true}]
                outputs: [{name: text, type: file, mediaTypes: [text/plain]}]
                policy: {maxAttempts: 2, backoffMax: 10m}
            """),
        names -> new ManualProtocol());
  }

  @AfterAll
  void stop() {
    if (serverA != null) {
      serverA.close();
    }
    if (serverB != null) {
      serverB.close();
    }
  }

  private TestServer.Response create(String fields) {
    return serverA.post("/services", "{" + fields + "}");
  }

  private static TestServer.Response send(
      TestServer server, String method, String path, String ifMatch, String body) {
    HttpRequest.Builder request =
        server
            .request(path)
            .header(
                "Content-Type",
                method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
            .method(method, BodyPublishers.ofString(body));
    return server.send(ifMatch == null ? request : request.header("If-Match", ifMatch));
  }

  private static String etag(TestServer.Response response) {
    return response.raw().headers().firstValue("ETag").orElseThrow();
  }

  private static List<String> pointers(TestServer.Response response) {
    List<String> pointers = new ArrayList<>();
    response.body().path("errors").forEach(error -> pointers.add(error.path("pointer").asText()));
    return pointers;
  }

  private static List<String> slugs(TestServer server, String query) {
    return StreamSupport.stream(
            server.get("/services?" + query).body().path("services").spliterator(), false)
        .map(service -> service.path("slug").asText())
        .toList();
  }

  private static void awaitState(TestServer server, String task, int state) {
    await().until(() -> server.state(task) == state);
  }

  @Test
  void createsReadsChangesAndDeletesOnAllServers() {
    TestServer.Response created =
        create(
            "\"slug\":\"crud\",\"name\":\"Crud\",\"tags\":[\"t\"],\"policy\":{\"lease\":\"PT30S\"}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.raw().headers().firstValue("Location").orElseThrow())
        .endsWith("/services/crud");
    assertThat(created.text("key")).isEqualTo("CRUD");
    assertThat(created.text("source")).isEqualTo("managed");
    assertThat(created.body().at("/health/state").asText()).isEqualTo("available");

    TestServer.Response read = serverB.get("/services/crud");
    assertThat(etag(read)).isEqualTo(etag(created));
    TestServer.Response changed =
        send(
            serverB,
            "PATCH",
            "/services/crud",
            etag(read),
            "{\"name\":null,\"summary\":\"s\",\"policy\":{\"lease\":null,\"timeout\":\"PT1H\"}}");
    assertThat(changed.status()).as(changed.raw().body()).isEqualTo(200);
    assertThat(changed.body().has("name")).isFalse();
    assertThat(changed.body().path("policy").toString()).isEqualTo("{\"timeout\":\"PT1H\"}");
    assertThat(changed.body().path("revision").asInt()).isEqualTo(2);

    assertThat(send(serverA, "PUT", "/services/crud", etag(read), "{}").status()).isEqualTo(412);
    assertThat(send(serverA, "DELETE", "/services/crud", etag(read), "").status()).isEqualTo(412);
    TestServer.Response unchanged =
        send(serverA, "PUT", "/services/crud", etag(changed), changed.raw().body());
    assertThat(unchanged.status()).as(unchanged.raw().body()).isEqualTo(200);
    assertThat(etag(unchanged)).isEqualTo(etag(changed));
    await()
        .until(() -> slugs(serverA, "q=S&tag=t&key=crud&protocol=docket").equals(List.of("crud")));

    assertThat(send(serverB, "DELETE", "/services/crud", etag(changed), "").status())
        .isEqualTo(204);
    assertThat(serverA.get("/services/crud").status()).isEqualTo(404);
    assertThat(slugs(serverB, "key=CRUD")).isEmpty();
    await().until(() -> slugs(serverA, "key=CRUD").isEmpty());
  }

  @Test
  void oneOfTwoCreationsAtOnceSucceeds() {
    List<CompletableFuture<TestServer.Response>> both =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            (i % 2 == 0 ? serverA : serverB)
                                .post("/services", "{\"slug\":\"race\",\"name\":\"" + i + "\"}")))
            .toList();
    List<TestServer.Response> responses = both.stream().map(CompletableFuture::join).toList();
    assertThat(responses).filteredOn(response -> response.status() == 201).hasSize(1);
    assertThat(responses)
        .filteredOn(response -> response.status() != 201)
        .allMatch(response -> response.status() == 409 && response.text("existing").equals("race"));
  }

  @Test
  void repeatedCreationGetsTheSameService() {
    for (TestServer server : List.of(serverA, serverB)) {
      TestServer.Response created =
          server.send(
              server
                  .request("/services")
                  .header("Content-Type", "application/json")
                  .header("Idempotency-Key", "once")
                  .POST(BodyPublishers.ofString("{\"slug\":\"once\"}")));
      assertThat(created.status()).isEqualTo(201);
      assertThat(created.body().path("revision").asInt()).isEqualTo(1);
    }
    assertThat(create("\"slug\":\"once\"").status()).isEqualTo(409);
  }

  @Test
  void keepsUnusualTextAndRejectsTooMuch() {
    String name = "Ñandú \\u0000 \\ud83d\\ude80 \\u202e עברית e\\u0301";
    TestServer.Response created =
        create("\"slug\":\"text\",\"name\":\"" + name + "\",\"metadata\":{\"a.b\":{\"\":[null]}}");
    assertThat(created.status()).as(created.raw().body()).isEqualTo(201);
    assertThat(serverB.get("/services/text").text("name")).isEqualTo(created.text("name"));
    assertThat(serverB.get("/services/text").body().at("/metadata").toString())
        .isEqualTo("{\"a.b\":{\"\":[null]}}");

    TestServer.Response large =
        create("\"slug\":\"large\",\"description\":\"" + "x".repeat(70_000) + "\"");
    assertThat(large.status()).isEqualTo(400);
    assertThat(large.text("detail")).contains("at most 65536 bytes");
    TestServer.Response huge =
        create("\"slug\":\"huge\",\"description\":\"" + "x".repeat(20_000_000) + "\"");
    assertThat(huge.status()).isEqualTo(413);
  }

  @Test
  void reportsAllViolationsAtOnce() {
    TestServer.Response rejected =
        create(
            "\"slug\":\"Not A Slug\",\"protocol\":\"smoke\",\"options\":[{\"name\":\"\","
                + "\"type\":\"integer\",\"default\":\"x\"}],\"policy\":{\"max_attempts\":0}");
    assertThat(rejected.status()).isEqualTo(400);
    assertThat(pointers(rejected))
        .containsExactlyInAnyOrder(
            "/slug", "/protocol", "/options/0/name", "/options/0/default", "/policy/max_attempts");
    assertThat(create("\"slug\":\"x\",\"surprise\":1").text("detail"))
        .contains("/surprise is an unknown field");
  }

  @Test
  void configuredServicesAreReadOnly() {
    TestServer.Response read = serverA.get("/services/configured");
    assertThat(read.text("source")).isEqualTo("configured");
    assertThat(read.body().at("/policy/backoff_max").asText()).isEqualTo("PT10M");
    assertThat(create("\"slug\":\"configured\"").text("detail")).contains("configuration");
    for (String method : List.of("PUT", "PATCH", "DELETE")) {
      TestServer.Response refused = send(serverA, method, "/services/configured", null, "{}");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.text("detail")).contains("section services");
    }
  }

  @Test
  void keyOfTheConfigurationIsAServiceUntilARecordReplacesIt() {
    TestServer.Response read = serverA.get("/services/old_key");
    assertThat(read.text("source")).isEqualTo("key");
    assertThat(read.body().at("/policy/max_attempts").asInt()).isEqualTo(7);
    TestServer.Response refused = send(serverA, "PATCH", "/services/old_key", null, "{}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text("detail")).contains("POST /services");

    assertThat(create("\"slug\":\"old_key\",\"summary\":\"s\"").status()).isEqualTo(201);
    assertThat(serverB.get("/services/old_key").text("source")).isEqualTo("managed");
    assertThat(serverA.delete("/services/old_key").status()).isEqualTo(204);
    assertThat(serverA.get("/services/old_key").text("source")).isEqualTo("key");
  }

  @Test
  void checksArgumentsOnEachRouteThatCreatesTasks() {
    create(
        "\"slug\":\"args\",\"reject_unknown\":true,\"options\":["
            + "{\"name\":\"language\",\"type\":\"string\",\"mandatory\":true},"
            + "{\"name\":\"beam\",\"type\":\"integer\",\"default\":5,\"max\":10}]");
    String document = serverA.document("args", "Text");
    String bad = "{\"document_id\":\"%s\",\"key\":\"ARGS\",\"args\":{\"beam\":11,\"x\":1}}";

    TestServer.Response single = serverA.post("/task", bad.formatted(document));
    assertThat(single.status()).isEqualTo(400);
    assertThat(pointers(single))
        .containsExactlyInAnyOrder("/args/language", "/args/beam", "/args/x");

    TestServer.Response batch = serverA.post("/tasks", "[" + bad.formatted(document) + "]");
    assertThat(batch.raw().body()).contains("/args/language");
    TestServer.Response lines =
        serverA.send(
            serverA
                .request("/tasks")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(bad.formatted(document) + "\n")));
    assertThat(lines.raw().body()).contains("/args/language");
    TestServer.Response dane = serverA.post("/DANE/task", bad.formatted(document));
    assertThat(dane.status()).isEqualTo(400);

    String needs =
        "{\"document_id\":\"%s\",\"key\":\"AFTER_ARGS\",\"depends_on\":[\"ARGS\"]}"
            .formatted(document);
    TestServer.Response dependency = serverA.post("/task", needs);
    assertThat(dependency.status()).isEqualTo(400);
    assertThat(pointers(dependency)).containsExactly("/depends_on/0/args/language");

    String task = serverA.task(document, "ARGS", ",\"args\":{\"language\":\"nl\"}");
    assertThat(serverA.get("/task/" + task).body().path("args"))
        .isEqualTo(JSON.createObjectNode().put("language", "nl").put("beam", 5));
    assertThat(serverA.post("/task", needs).status()).as("the dependency exists").isEqualTo(201);
  }

  @Test
  void tasksWaitInQueuesBeforeAnyWorkerStarts() {
    create("\"slug\":\"queued\",\"types\":[\"Text\"]");
    String task = serverA.task(serverA.document("queued", "Text"), "QUEUED", "");
    awaitState(serverA, task, 202);
    String other = serverA.task(serverA.document("queued-video", "Video"), "QUEUED", "");
    awaitState(serverA, other, 422);
    String configured =
        serverA.task(
            serverA.document("configured", "Text"),
            "CONFIGURED",
            ",\"args\":{\"language\":\"nl\"}");
    awaitState(serverA, configured, 202);
    send(serverB, "PATCH", "/services/queued", null, "{\"types\":null}");
    awaitState(serverA, other, 202);
  }

  @Test
  void changedProtocolAndPolicyApplyFromTheNextRun() throws Exception {
    create(
        "\"slug\":\"moving\",\"types\":[\"Text\"],"
            + "\"policy\":{\"backoff\":\"PT0.2S\",\"lease\":\"PT5M\"}");
    String task = serverA.task(serverA.document("moving", "Text"), "MOVING", "");
    awaitState(serverA, task, 202);
    TestServer.Response poll =
        serverA.post(
            "/worker/poll",
            "{\"poll_id\":\"p\",\"keys\":[\"MOVING\"],\"worker\":\"w\",\"max\":1,\"wait_s\":20}");
    assertThat(poll.body().path("tasks")).as(poll.raw().body()).hasSize(1);
    ObjectNode run = run(poll.body().path("tasks").get(0));
    // Without a report, the server gives the run back after half a minute.
    TestServer.Response progress =
        serverA.post("/task/" + task + "/progress", run.deepCopy().put("progress", 1).toString());
    assertThat(progress.status()).as(progress.raw().body()).isEqualTo(200);
    assertThat(serverA.state(task)).isEqualTo(102);

    TestServer.Response changed =
        send(serverB, "PATCH", "/services/moving", null, "{\"protocol\":\"manual\"}");
    assertThat(changed.status()).isEqualTo(200);
    await().until(() -> slugs(serverA, "protocol=manual").contains("moving"));
    assertThat(serverA.get("/task/" + task).text("courier")).isEqualTo("docket");
    ObjectNode failed = run.deepCopy().put("state", 503);
    assertThat(serverA.post("/task/" + task + "/complete", failed.toString()).status())
        .isEqualTo(200);

    assertThat(serverA.get("/task/" + task).text("courier")).isEqualTo("manual");
    awaitState(serverA, task, 201);
    await()
        .until(
            () -> serverA.post("/task/" + task + "/claim", "{\"worker\":\"Ada\"}").status() == 200);

    String waiting = serverA.task(serverA.document("moving-2", "Text"), "MOVING", "");
    assertThat(serverA.get("/task/" + waiting).text("courier")).isEqualTo("manual");
    assertThat(serverA.delete("/services/moving").status()).isEqualTo(204);
    String later = serverA.task(serverA.document("moving-3", "Text"), "MOVING", "");
    assertThat(serverA.get("/task/" + later).text("courier")).isEqualTo("docket");
  }

  private static ObjectNode run(JsonNode granted) {
    ObjectNode run = JSON.createObjectNode().put("worker", "w");
    for (String field : List.of("attempt", "run", "claim_id")) {
      run.set(field, granted.path(field));
    }
    return run;
  }

  @Test
  void healthIsSetAndSeenOnAllServers() {
    TestServer.Response before = create("\"slug\":\"sick\"");
    String body = "{\"state\":\"sleeping\",\"reason\":\"night\"}";
    TestServer.Response set = send(serverA, "PUT", "/services/sick/health", null, body);
    assertThat(set.body().at("/health/reason").asText()).isEqualTo("night");
    assertThat(etag(set)).isEqualTo(etag(before));
    await().until(() -> slugs(serverB, "health=sleeping").contains("sick"));

    send(serverA, "PUT", "/services/configured/health", null, "{\"state\":\"unavailable\"}");
    await().until(() -> slugs(serverB, "health=unavailable").contains("configured"));
    send(serverB, "PUT", "/services/configured/health", null, "{\"state\":\"available\"}");
    assertThat(serverA.get("/services/configured").body().at("/health/state").asText())
        .isEqualTo("available");
    assertThat(send(serverA, "PUT", "/services/none/health", null, body).status()).isEqualTo(404);
    assertThat(serverA.get("/services?health=well").status()).isEqualTo(400);
  }

  @Test
  void showsWhenWorkersWereSeen() {
    create("\"slug\":\"seen\"");
    assertThat(serverA.get("/services/seen").body().has("last_seen")).isFalse();
    serverA.post(
        "/worker/report",
        "[{\"type\":\"hello\",\"worker\":\"w-seen\",\"keys\":[\"SEEN\"],\"types\":[],"
            + "\"concurrency\":1,\"running\":0}]");
    await().until(() -> serverA.get("/services/seen").body().has("last_seen"));
  }

  @Test
  void pagesInTheOrderOfSlugs() {
    for (String slug : List.of("page-c", "page-a", "page-b")) {
      create("\"slug\":\"" + slug + "\",\"tags\":[\"paged\"]");
    }
    JsonNode first = serverA.get("/services?tag=paged&limit=2").body();
    assertThat(first.path("next").asText()).isEqualTo("page-b");
    assertThat(slugs(serverA, "tag=paged&limit=2")).containsExactly("page-a", "page-b");
    assertThat(slugs(serverA, "tag=paged&after=page-b")).containsExactly("page-c");
  }

  @Test
  void recordsChangesInTheAudit() {
    create("\"slug\":\"audited\"");
    send(serverA, "PATCH", "/services/audited", null, "{\"summary\":\"s\"}");
    send(serverA, "PUT", "/services/audited/health", null, "{\"state\":\"disabled\"}");
    serverA.delete("/services/audited");
    await()
        .untilAsserted(
            () ->
                assertThat(serverA.get("/audit?record.kind=service&record.id=audited").raw().body())
                    .contains(
                        "service.create", "service.change", "service.health", "service.delete"));
  }
}
