package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.protocol.manual.ManualProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People who do tasks with a browser, and with a page of their own site, on a server with keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ManualPagesIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static int documents;

  private TestServer server;

  @BeforeAll
  void start() throws Exception {
    server =
        new TestServer(
            TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                """
                keys:
                  JUDGE: {protocol: manual}
                  SCAN: {protocol: manual}
                  CHECK: {protocol: manual, limits: {concurrency: 1}}
                services:
                  transcribe:
                    protocol: manual
                    name: Transcribe a letter
                    outputs:
                      - {name: text, title: Text of the letter, type: text, mandatory: true}
                      - {name: pages, type: integer}
                      - {name: hand, type: string, allowed: [legible, illegible]}
                access: {roles: {worker: {sees: group}}}
                apiKeys:
                """
                    + key("root", "staff", "admin", "")
                    + key("ada", "staff", "worker", "")
                    + key("bob", "staff", "worker", "")
                    + key("eve", "radio", "worker", "")
                    + key("sam", "staff", "worker", ", taskKeys: [SCAN]")),
            names -> new ManualProtocol());
  }

  private static String key(String name, String group, String role, String more) {
    return "  - {name: %s, group: %s, sha256: %s, roles: [%s]%s}\n"
        .formatted(name, group, ApiKey.hash(name), role, more);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private Browser browser(String person) {
    return new Browser(server, person);
  }

  private TestServer.Response post(String path, String body, String person) {
    return server.send(
        server
            .request(path)
            .header("Authorization", "Bearer " + person)
            .header("Content-Type", "application/json")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
  }

  private TestServer.Response get(String path, String person) {
    return server.send(server.request(path).header("Authorization", "Bearer " + person));
  }

  private String task(String key, String more) {
    String target = "letter-" + ++documents;
    String document =
        post(
                "/document",
                """
                {"target":{"id":"%s","url":"https://archive.example/%s","type":"Text"},
                 "creator":{"id":"archive","type":"Organization"}}
                """
                    .formatted(target, target),
                "root")
            .text("id");
    TestServer.Response created =
        post(
            "/task",
            "{\"document_id\":\"%s\",\"key\":\"%s\"%s}".formatted(document, key, more),
            "root");
    assertThat(created.status()).as(created.raw().body()).isEqualTo(201);
    return created.text("id");
  }

  private JsonNode record(String task) {
    return get("/task/" + task, "root").body();
  }

  private ObjectNode claimed(String task, String person) {
    TestServer.Response response = post("/task/" + task + "/claim", "{}", person);
    assertThat(response.status()).as(response.raw().body()).isEqualTo(200);
    ObjectNode run = (ObjectNode) ApiContract.json("{}");
    run.put("worker", person);
    for (String field : List.of("attempt", "run", "claim_id")) {
      run.set(field, response.body().path(field));
    }
    return run;
  }

  private List<String> ids(JsonNode list) {
    List<String> ids = new ArrayList<>();
    list.path("hits").forEach(hit -> ids.add(hit.path("id").asText()));
    return ids;
  }

  @Test
  void personDoesTaskInBrowser() {
    String task = task("TRANSCRIBE", ",\"args\":{\"hint\":\"<b>read</b> שלום\"}");
    Browser ada = browser("ada");
    assertThat(ada.open("/manual").body()).contains("manual/task/" + task);

    Browser.Page open = ada.open("/manual/task/" + task);
    assertThat(open.body())
        .contains("Transcribe a letter")
        .contains("href=\"https://archive.example/")
        .contains("&lt;b&gt;read");
    Browser.Page mine = ada.submit(open, "claim", Map.of());
    assertThat(mine.status()).isEqualTo(200);
    assertThat(mine.body())
        .contains("name=\"output.text\"")
        .contains("<option value=\"&#34;legible&#34;\"");
    assertThat(record(task).at("/lease/worker").asText()).isEqualTo("ada");

    Browser.Page wrong =
        ada.submit(mine, "complete", Map.of("output.pages", "many", "output.hand", "\"legible\""));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body())
        .contains("Is required.")
        .contains("whole number")
        .contains("value=\"many\"");

    String text = "Dear Ada,\r\nשלום دانة 📜\u0301 <script>";
    Map<String, String> filled = Map.of("output.pages", "3", "output.text", text);
    Browser.Page done = ada.submit(wrong, "complete", filled);
    assertThat(done.body()).contains("The task is completed.").doesNotContain("task/" + task);
    JsonNode results = get("/task/" + task + "/results", "root").body();
    assertThat(results.at("/0/payload/text").asText()).isEqualTo(text.replace("\r\n", "\n"));
    assertThat(results.at("/0/payload/pages").asInt()).isEqualTo(3);
    assertThat(results.at("/0/payload").has("hand")).isFalse();

    assertThat(ada.submit(wrong, "complete", filled).body())
        .as("the same form again")
        .contains("The task is completed.");
    assertThat(get("/task/" + task + "/results", "root").body()).hasSize(1);
    Browser.Page late = ada.submit(mine, "give_back", Map.of("output.text", "late"));
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.body()).contains("has already ended").contains(">\nlate</textarea>");
  }

  @Test
  void personContinuesOnAnotherMachineAndGivesBack() {
    String task = task("TRANSCRIBE", "");
    Browser first = browser("ada");
    first.submit(first.open("/manual/task/" + task), "claim", Map.of());

    Browser second = browser("ada");
    assertThat(second.open("/manual?show=mine").body()).contains("manual/task/" + task);
    Browser.Page page = second.open("/manual/task/" + task);
    assertThat(second.submit(page, "fail", Map.of("state", "404", "output.text", "draft")).body())
        .contains("Write in the message why")
        .contains("draft");
    Browser.Page back = second.submit(page, "give_back", Map.of("reason", "on holiday"));
    assertThat(back.body()).contains("You have given the task back.");
    assertThat(record(task).path("state").asInt()).isEqualTo(201);
    assertThat(record(task).path("message").asText()).isEqualTo("on holiday");
    assertThat(second.submit(page, "give_back", Map.of()).status()).as("again").isEqualTo(200);

    Browser bob = browser("bob");
    Browser.Page bobs = bob.submit(bob.open("/manual/task/" + task), "claim", Map.of());
    Browser.Page late = first.submit(page, "complete", Map.of("output.text", "my work"));
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.body()).contains("bob").contains("What you had entered").contains("my work");
    assertThat(
            bob.submit(bobs, "fail", Map.of("state", "404", "reason", "page 2 is missing")).body())
        .contains("cannot be done");
    assertThat(record(task).path("state").asInt()).isEqualTo(404);
  }

  @Test
  void onlyOneOfTwoPeopleGetsTask() {
    String task = task("JUDGE", "");
    List<CompletableFuture<Browser.Page>> claims =
        Stream.of("ada", "bob")
            .map(
                person ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          Browser browser = browser(person);
                          return browser.submit(
                              browser.open("/manual/task/" + task), "claim", Map.of());
                        }))
            .toList();
    List<Browser.Page> pages = claims.stream().map(CompletableFuture::join).toList();
    String winner = record(task).at("/lease/worker").asText();

    assertThat(pages.stream().filter(page -> page.body().contains("/complete\""))).hasSize(1);
    Browser.Page loser =
        pages.stream()
            .filter(page -> !page.body().contains("/complete\""))
            .findFirst()
            .orElseThrow();
    assertThat(loser.body()).contains(winner + "</bdi> has claimed this task");
  }

  @Test
  void otherSitesCannotSendForms() {
    String task = task("JUDGE", "");
    Browser ada = browser("ada");
    Browser.Page page = ada.open("/manual/task/" + task);

    for (Map<String, String> headers :
        List.of(
            Map.of("Origin", "https://evil.example"),
            Map.of("Origin", "null"),
            Map.of("Origin", server.uri().toString(), "Sec-Fetch-Site", "cross-site"))) {
      assertThat(ada.submit(page, "claim", Map.of(), headers).status()).isEqualTo(403);
    }
    assertThat(ada.submit(page, "claim", Map.of(), Map.of()).status()).isEqualTo(400);
    assertThat(post("/manual/task/" + task + "/claim", "{\"attempt\":1}", "ada").status())
        .isEqualTo(415);
    assertThat(record(task).path("state").asInt()).isEqualTo(201);
    assertThat(page.policy()).contains("form-action 'self'").contains("default-src 'none'");
    assertThat(page.referrers()).isEqualTo("same-origin");
  }

  @Test
  void peopleSeeAndDoOnlyTheirTasks() {
    String judge = task("JUDGE", "");
    String scan = task("SCAN", ",\"priority\":9");
    assertThat(ids(get("/manual/open?fresh=true", "sam").body()))
        .contains(scan)
        .doesNotContain(judge);
    assertThat(ids(get("/manual/open?fresh=true&key=judge", "bob").body()))
        .contains(judge)
        .doesNotContain(scan);
    assertThat(get("/manual/open?fresh=true", "eve").body().path("hits")).isEmpty();
    assertThat(get("/manual/open?key=JUDGE", "sam").status()).isEqualTo(403);

    assertThat(browser("eve").open("/manual/task/" + judge).status()).isEqualTo(404);
    Browser.Page forbidden = browser("sam").open("/manual/task/" + judge);
    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(forbidden.body()).contains("may not use the task key JUDGE");
    Browser.Page unknown = browser("nobody").open("/manual");
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.body()).contains("the API key as the password");
  }

  @Test
  void taskThatWaitsForTheLimitsOfItsKeyIsNotOpen() {
    List<String> both = List.of(task("CHECK", ""), task("CHECK", ""));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> both.stream().anyMatch(task -> !record(task).has("limited_since")));
    String waiting =
        both.stream().filter(task -> record(task).has("limited_since")).findFirst().orElseThrow();
    String open = both.get(1 - both.indexOf(waiting));

    JsonNode list = get("/manual/open?fresh=true&key=CHECK", "ada").body();
    assertThat(ids(list)).containsExactly(open);
    assertThat(list.path("keys").toString()).contains("{\"key\":\"CHECK\",\"count\":1}");
    assertThat(browser("ada").open("/manual/task/" + waiting).body())
        .contains("paused or limited")
        .doesNotContain("Claim this task");
    assertThat(post("/task/" + waiting + "/claim", "{}", "ada").status()).isEqualTo(409);
  }

  @Test
  void listsAreInOrderOfPriorityAndAgeInPages() {
    String third = task("SCAN", ",\"priority\":0");
    String fourth = task("SCAN", ",\"priority\":0");
    String first = task("SCAN", ",\"priority\":10");
    List<String> found = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = get("/manual/open?key=SCAN&size=1&fresh=true&cursor=" + cursor, "sam").body();
      found.addAll(ids(page));
      cursor = page.path("next").isNull() ? "" : page.path("next").asText();
    } while (!cursor.isEmpty());

    assertThat(found).containsSubsequence(first, third, fourth).doesNotHaveDuplicates();
    assertThat(get("/manual/open?cursor=x", "sam").status()).isEqualTo(400);
    assertThat(get("/manual/open?size=0", "sam").status()).isEqualTo(400);
    assertThat(get("/manual/open?fresh=maybe", "sam").status()).isEqualTo(400);
  }

  @Test
  void claimNamesTheCallerAndCanBeResumed() {
    String task = task("TRANSCRIBE", "");
    TestServer.Response claim = post("/task/" + task + "/claim", "{\"worker\":\"bob\"}", "ada");
    assertThat(record(task).at("/lease/worker").asText()).isEqualTo("ada");
    assertThat(ids(get("/manual/mine?fresh=true", "ada").body())).contains(task);
    assertThat(ids(get("/manual/mine?fresh=true", "bob").body())).doesNotContain(task);

    assertThat(post("/task/" + task + "/claim", "{}", "ada").status()).isEqualTo(409);
    assertThat(post("/task/" + task + "/claim", "{\"resume\":true}", "bob").status())
        .isEqualTo(409);
    TestServer.Response resumed = post("/task/" + task + "/claim", "{\"resume\":true}", "ada");
    assertThat(resumed.status()).isEqualTo(200);
    assertThat(resumed.text("claim_id")).isEqualTo(claim.text("claim_id"));
    for (String path : List.of("/task/" + task, "/manual/mine", "/task/" + task + "/form")) {
      assertThat(get(path, "ada").raw().body()).doesNotContain(claim.text("claim_id"));
    }
  }

  @Test
  void completesWithCheckedOutputs() {
    String task = task("TRANSCRIBE", "");
    JsonNode form = get("/task/" + task + "/form", "ada").body();
    assertThat(form.path("title").asText()).isEqualTo("Transcribe a letter");
    assertThat(form.at("/fields/0/name").asText()).isEqualTo("text");
    ObjectNode run = claimed(task, "ada").put("state", 200);

    ObjectNode wrong = run.deepCopy();
    wrong.set("outputs", ApiContract.json("{\"pages\":\"x\",\"hand\":\"ugly\",\"other\":1}"));
    TestServer.Response rejected = post("/task/" + task + "/complete", wrong.toString(), "ada");
    assertThat(rejected.status()).isEqualTo(400);
    assertThat(rejected.body().path("errors").findValuesAsText("pointer"))
        .containsExactly("/outputs/text", "/outputs/pages", "/outputs/hand", "/outputs/other");
    for (ObjectNode stateless :
        List.of(run.deepCopy().put("state", "200"), run.deepCopy().without(List.of("state")))) {
      stateless.putObject("outputs");
      TestServer.Response response =
          post("/task/" + task + "/complete", stateless.toString(), "ada");
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.text("detail")).contains("/state: is required");
    }
    ObjectNode failed = run.deepCopy().put("state", 404);
    failed.putObject("outputs");
    assertThat(post("/task/" + task + "/complete", failed.toString(), "ada").status())
        .isEqualTo(400);

    run.putObject("outputs").put("text", "Dear Ada").putNull("pages");
    assertThat(post("/task/" + task + "/complete", run.toString(), "ada").status()).isEqualTo(200);
    assertThat(get("/task/" + task + "/results", "root").body().at("/0/payload"))
        .hasToString("{\"text\":\"Dear Ada\"}");
  }

  @Test
  void acceptsAnyOutputsWithoutServiceAndGivesBackByItsOwnRoute() {
    String task = task("JUDGE", "");
    ObjectNode run = claimed(task, "ada");
    ObjectNode back = run.deepCopy().put("message", "not mine");
    assertThat(post("/task/" + task + "/give_back", back.toString(), "bob").status())
        .as("by the claim, as all reports")
        .isEqualTo(200);
    assertThat(record(task).path("message").asText()).isEqualTo("not mine");
    assertThat(post("/task/" + task + "/give_back", back.toString(), "ada").status())
        .as("the response was lost")
        .isEqualTo(200);

    ObjectNode done = claimed(task, "bob").put("state", 200).put("outputs", "public domain");
    assertThat(post("/task/" + task + "/complete", done.toString(), "bob").status()).isEqualTo(200);
    assertThat(get("/task/" + task + "/results", "root").body().at("/0/payload").asText())
        .isEqualTo("public domain");
  }
}
