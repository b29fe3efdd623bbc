package dev.docket.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.server.TestServer.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DANE's HTTP API as its clients call it, and as no client should. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DaneHttpIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d";
  private static final String NOBODY = "0".repeat(40);

  private final AtomicInteger number = new AtomicInteger();
  private DaneTestServer dane;

  @BeforeAll
  void startServer() throws Exception {
    dane = new DaneTestServer(BACKENDS);
  }

  @AfterAll
  void stopServer() {
    if (dane != null) {
      dane.close();
    }
  }

  private String unique(String name) {
    return name + number.incrementAndGet();
  }

  private String document() {
    return dane.document(unique("film "), "archive");
  }

  private static String path(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> ids(JsonNode list) {
    List<String> ids = new ArrayList<>();
    list.forEach(item -> ids.add(item.path("_id").asText()));
    return ids;
  }

  private static void isMessage(Response reply, int status, String message) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.raw().headers().firstValue("Content-Type")).contains("application/json");
    assertThat(reply.text("message")).isEqualTo(message);
  }

  // POST /document

  @Test
  void registersDocumentWithEncodedUrlAndNumberAsText() {
    String creator = unique("Tester/");
    Response made =
        dane.post(
            "/document",
            """
            {"target":{"id":12345,"url":" http://doesnt.exist/a b/ü%20%zz?q=1#x ","type":"Video"},
             "creator":{"id":"%s","type":"Software"}}
            """
                .replace("%s", creator));

    assertThat(made.status()).isEqualTo(200);
    assertThat(names(made.body()))
        .containsExactly("_id", "target", "creator", "created_at", "updated_at");
    assertThat(made.text("_id")).isEqualTo(Sha1.of("12345" + creator));
    assertThat(made.body().at("/target/id").isTextual()).isTrue();
    assertThat(made.body().at("/target/url").asText())
        .isEqualTo("http://doesnt.exist/a%20b/%C3%BC%20%25zz?q=1#x");
    assertThat(made.text("created_at")).matches(TIME);
    assertThat(made.text("updated_at")).matches(TIME);
    assertThat(dane.get("/document/" + made.text("_id")).body()).isEqualTo(made.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", ""})
  void readsBodyWhateverItsContentType(String type) {
    String body =
        "{\"target\":{\"id\":\"%s\",\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}"
            .formatted(unique("typed"));
    HttpRequest.Builder request =
        dane.server().request("/DANE/document/").POST(HttpRequest.BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    assertThat(dane.server().send(request).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "7",
        "{}",
        "{'_id':'x','target':{'id':'1','url':'u','type':'Text'},'creator':{'id':'c','type':'Human'}}",
        "{'target':{'id':'1','url':'u'},'creator':{'id':'c','type':'Human'}}",
        "{'target':{'id':'1','type':'Text'},'creator':{'id':'c','type':'Human'}}",
        "{'target':{'url':'u','type':'Text'},'creator':{'id':'c','type':'Human'}}",
        "{'target':{'id':'','url':'u','type':'Text'},'creator':{'id':'c','type':'Human'}}",
        "{'target':{'id':'\\ud800','url':'u','type':'Text'},'creator':{'id':'c','type':'Human'}}",
        "{'target':{'id':'1','url':'u','type':'Film'},'creator':{'id':'c','type':'Human'}}",
        "{'target':{'id':'1','url':'u','type':'Text'},'creator':{'id':'c','type':'Robot'}}",
        "{'target':{'id':'1','url':'u','type':'Text'},'creator':{'type':'Human'}}",
        "{'target':'x','creator':{'id':'c','type':'Human'}}",
        "{'target':{'id':['1'],'url':'u','type':'Text'},'creator':{'id':'c','type':'Human'}}",
        "{'target':{'id':'1','url':'u','type':'Text'},'creator':{'id':'c','type':'Human'},'x':1}",
        "{'target':{'id':'1','url':'u','type':'Text'},'creator':{'id':'c','type':'Human'},'metadata':{}}",
      })
  void rejectsInvalidDocument(String body) {
    isMessage(dane.post("/document", body.replace('\'', '"')), 400, "Invalid document format");
  }

  @Test
  void namesInvalidField() {
    Response reply =
        dane.post(
            "/document",
            "{\"target\":{\"id\":\"1\",\"url\":\"u\",\"type\":\"Film\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}");
    assertThat(reply.body().at("/errors/0/pointer").asText()).isEqualTo("/target/type");
    assertThat(reply.body().at("/errors/0/detail").asText()).contains("Video");
  }

  @Test
  void rejectsSecondDocumentOfSamePair() {
    String target = unique("twice");
    dane.document(target, "archive");
    isMessage(
        dane.post(
            "/document/",
            "{\"target\":{\"id\":\"%s\",\"url\":\"u\",\"type\":\"Text\"},\"creator\":{\"id\":\"archive\",\"type\":\"Human\"}}"
                .formatted(target)),
        409,
        "A document with target.id `%s`, and creator.id `archive` already exists"
            .formatted(target));
  }

  // GET and DELETE /document/<id>

  @Test
  void unknownDocumentIs404() {
    for (String path :
        List.of(
            "/document/" + NOBODY,
            "/document/no%20id",
            "/document/" + NOBODY + "/tasks",
            "/document/" + NOBODY + "/delete")) {
      Response reply = dane.get(path);
      assertThat(reply.status()).as(path).isEqualTo(404);
      assertThat(names(reply.body())).containsExactly("message");
    }
    assertThat(dane.delete("/document/" + NOBODY).status()).isEqualTo(404);
  }

  @Test
  void deletesDocumentByBothVersions() {
    String one = document();
    String two = document();
    Response deleted = dane.delete("/document/" + one + "/");
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.raw().body()).isEqualTo("\"\"\n");
    assertThat(dane.get("/document/" + two + "/delete").status()).isEqualTo(200);
    assertThat(dane.get("/document/" + one).status()).isEqualTo(404);
    assertThat(dane.get("/document/" + two).status()).isEqualTo(404);
    assertThat(dane.delete("/document/" + one).status()).isEqualTo(404);
  }

  @Test
  void deletesSeveralDocumentsAndIgnoresUnknownOnes() {
    List<String> ids = List.of(document(), document(), NOBODY, "no id");
    Response reply = dane.post("/document/batchdelete", DaneTestServer.json(ids));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.raw().body()).isEqualTo("\"\"\n");
    assertThat(dane.get("/document/" + ids.get(0)).status()).isEqualTo(404);
    assertThat(dane.get("/document/" + ids.get(1)).status()).isEqualTo(404);
    assertThat(dane.post("/document/batchdelete", "{}").status()).isEqualTo(400);
    assertThat(dane.post("/document/batchdelete", "[1]").status()).isEqualTo(400);
  }

  // /documents

  @Test
  void registersBatchDespiteInvalidItems() {
    String there = unique("there");
    dane.document(there, "archive");
    String item =
        "{'target':{'id':'%s','url':'u','type':'%s'},'creator':{'id':'archive','type':'Human'}}";
    String batch =
        "["
            + item.formatted(unique("new"), "Text")
            + ","
            + item.formatted(there, "Text")
            + ","
            + item.formatted(unique("odd"), "Film")
            + ",7,"
            + item.formatted(unique("new"), "Text")
            + "]";

    Response reply = dane.post("/documents", batch.replace('\'', '"'));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(names(reply.body())).containsExactly("success", "failed");
    assertThat(reply.body().path("success")).hasSize(2);
    assertThat(names(reply.body().at("/success/0")))
        .containsExactly("_id", "target", "creator", "created_at", "updated_at");
    JsonNode failed = reply.body().path("failed");
    assertThat(failed).hasSize(3);
    assertThat(names(failed.get(0))).containsExactly("document", "invalid", "error");
    assertThat(failed.get(0).path("error").asText()).contains(there).contains("already exists");
    assertThat(failed.get(0).path("document"))
        .isEqualTo(dane.get("/document/" + Sha1.of(there + "archive")).body());
    assertThat(failed.get(1).path("error").asText())
        .startsWith("Invalid document format")
        .contains("/target/type");
    assertThat(failed.get(2).path("invalid").asInt()).isEqualTo(7);
    assertThat(dane.post("/documents", "{}").status()).isEqualTo(400);
    assertThat(dane.post("/documents", "[]").raw().body())
        .isEqualTo("{\"success\":[],\"failed\":[]}");
  }

  @Test
  void showsSeveralDocuments() {
    String a = document();
    String b = document();
    for (String query :
        List.of("doc=" + a + "," + b, "doc=" + a + "&doc=" + b, "doc%5B%5D=" + a + "&doc[]=" + b)) {
      Response reply = dane.get("/documents?" + query.replace("[]", "%5B%5D"));
      assertThat(reply.status()).as(query).isEqualTo(200);
      assertThat(ids(reply.body())).as(query).containsExactly(a, b);
    }
    isMessage(
        dane.get("/documents?doc=" + a + "," + NOBODY),
        404,
        "No document with id `" + NOBODY + "` found");
    assertThat(dane.get("/documents?doc=no%20id").status()).isEqualTo(404);
    assertThat(dane.get("/documents").raw().body()).isEqualTo("[]");
  }

  @Test
  void deletesSeveralDocumentsByQuery() {
    String a = document();
    String b = document();
    String c = document();
    assertThat(dane.delete("/documents?docs=" + a + "," + NOBODY).status()).isEqualTo(200);
    assertThat(dane.delete("/documents/?docs%5B%5D=" + b + "&docs=" + c).raw().body())
        .isEqualTo("\"\"\n");
    for (String id : List.of(a, b, c)) {
      assertThat(dane.get("/document/" + id).status()).isEqualTo(404);
    }
  }

  // Searches

  @Test
  void findsDocumentsByWildcard() {
    String mark = unique("mark/");
    String a = dane.document(mark + "/a b", "Crea/tor 1");
    String b = dane.document(mark + "/b?*\\", "Crea/tor 2");
    for (String search : List.of("/search/", "/document/search/")) {
      Response all = dane.get(search + path(mark + "/*") + "/" + path("Crea/*"));
      assertThat(ids(all.body())).as(search).containsExactlyInAnyOrder(a, b);
      assertThat(names(all.body().get(0))).containsExactly("_id", "target", "creator");
      assertThat(ids(dane.get(search + path(mark + "/a b") + "/" + path("Crea/tor 1")).body()))
          .containsExactly(a);
      assertThat(ids(dane.get(search + path(mark + "/b?*\\") + "/*").body())).containsExactly(b);
      assertThat(dane.get(search + path(mark + "/?") + "/*").body()).isEmpty();
      assertThat(dane.get(search + path(mark) + "/*").raw().body()).isEqualTo("[]");
    }
  }

  @Test
  void findsDocumentsInPagesOfHundredWithTotal() {
    String creator = unique("pages");
    List<Map<String, Object>> batch = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      batch.add(
          Map.of(
              "target",
              Map.of("id", "doc " + i, "url", "u", "type", "Text"),
              "creator",
              Map.of("id", creator, "type", "Human")));
    }
    assertThat(dane.post("/documents", DaneTestServer.json(batch)).body().path("success"))
        .hasSize(250);

    List<String> seen = new ArrayList<>();
    for (int page : new int[] {1, 2, 3, 4}) {
      JsonNode found = dane.get("/search/document?creator_id=" + creator + "&page=" + page).body();
      assertThat(names(found)).containsExactly("total", "hits");
      assertThat(found.path("total").asInt()).isEqualTo(250);
      assertThat(found.path("hits")).hasSize(page < 3 ? 100 : page == 3 ? 50 : 0);
      seen.addAll(ids(found.path("hits")));
    }
    assertThat(seen).hasSize(250).doesNotHaveDuplicates();
    assertThat(
            dane.get("/search/document?creator_id=" + creator + "&target_id=doc%2012*")
                .body()
                .path("total")
                .asInt())
        .isEqualTo(11);
    assertThat(dane.get("/search/document/?creator_id=" + creator + "&page=0").body().path("hits"))
        .hasSize(100);
    assertThat(dane.get("/search/document?page=x").status()).isEqualTo(400);
    assertThat(dane.get("/search/document").body().path("total").asInt()).isPositive();
    assertThat(dane.get("/creator/" + creator + "/docs").body()).hasSize(250);
  }

  @Test
  void takesSpecialCharactersLiterally() {
    for (String odd :
        List.of("\"", "a\"b", "\\", "?", "(", "[x", "{", "~", "AND", "映画 ✓", "%", "é", ":")) {
      String target = odd + unique("odd");
      String id = dane.document(target, "c " + odd);
      assertThat(ids(dane.get("/search/" + path(target) + "/" + path("c " + odd)).body()))
          .as(odd)
          .containsExactly(id);
      assertThat(ids(dane.get("/creator/" + path("c " + odd) + "/docs").body()))
          .as(odd)
          .contains(id);
    }
    assertThat(dane.get("/search/document?target_id=" + path("ü".repeat(10_000))).status())
        .isEqualTo(400);
    assertThat(dane.get("/search/document?target_id=" + "*".repeat(100)).status()).isEqualTo(400);
  }

  // POST /task

  @Test
  void assignsTaskWithEveryOtherNameAsArgument() {
    String document = document();
    Response made =
        dane.post(
            "/task",
            "{\"document_id\":\"%s\",\"key\":\"testhttp\",\"priority\":\"99\",\"some_optional_argument\":\"foo\",\"deep\":{\"a\":[1.50]}}"
                .formatted(document));

    assertThat(made.status()).isEqualTo(201);
    assertThat(names(made.body()))
        .containsExactly(
            "_id", "key", "state", "msg", "priority", "created_at", "updated_at", "args");
    assertThat(made.text("_id")).isEqualTo(Sha1.of(document + "TESTHTTP"));
    assertThat(made.text("key")).isEqualTo("TESTHTTP");
    assertThat(made.body().path("state").textValue()).isEqualTo("201");
    assertThat(made.text("msg")).isEqualTo("Created");
    assertThat(made.body().path("priority").asInt()).isEqualTo(10);
    assertThat(made.text("created_at")).matches(TIME);
    assertThat(made.raw().body())
        .contains("\"args\":{\"some_optional_argument\":\"foo\",\"deep\":{\"a\":[1.50]}}");
    isMessage(
        dane.post("/task/", "{\"document_id\":\"" + document + "\",\"key\":\"TestHTTP\"}"),
        409,
        "Task `TESTHTTP` already assigned to document `" + document + "`");
  }

  @Test
  void assignsTaskGivenAsObject() {
    String document = document();
    Response made =
        dane.post(
            "/task",
            "{\"document_id\":\"%s\",\"task\":{\"key\":\"APART\",\"priority\":-3,\"args\":{\"x\":1}}}"
                .formatted(document));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.body().path("priority").asInt()).isZero();
    assertThat(made.raw().body()).contains("\"args\":{\"x\":1}");
    Response plain = dane.post("/task", "{\"document_id\":\"" + document + "\",\"key\":\"PLAIN\"}");
    assertThat(plain.raw().body()).contains("\"args\":{\"*\":null}");
    assertThat(plain.body().path("priority").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "{}",
        "{'document_id':'x'}",
        "{'key':'X'}",
        "{'document_id':7,'key':'X'}",
        "{'document_id':[7],'key':'X'}",
        "{'document_id':'x','key':''}",
        "{'document_id':'x','key':'a b'}",
        "{'document_id':'x','key':7}",
        "{'document_id':'x','key':'X','_id':'y'}",
        "{'document_id':'x','task':{'key':'X','_id':'y'}}",
        "{'document_id':'x','key':'X','priority':'high'}",
        "{'document_id':'x','key':'X','priority':null}",
      })
  void rejectsInvalidTask(String body) {
    isMessage(dane.post("/task", body.replace('\'', '"')), 400, "Invalid task format");
  }

  @Test
  void taskOfUnknownDocumentIs404() {
    for (String id : List.of(NOBODY, "no id", "")) {
      isMessage(
          dane.post("/task", "{\"document_id\":\"" + id + "\",\"key\":\"X\"}"),
          404,
          "No document with id `" + id + "` found");
    }
  }

  @Test
  void assignsTaskToSeveralDocumentsWithOutcomeOfEach() {
    String a = document();
    String b = document();
    dane.task(b, "MANY", Map.of());
    Response reply =
        dane.post(
            "/task",
            DaneTestServer.json(
                Map.of("document_id", List.of(a, b, NOBODY, "no id"), "key", "many")));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(names(reply.body())).containsExactly("success", "failed");
    assertThat(ids(reply.body().path("success"))).containsExactly(Sha1.of(a + "MANY"));
    JsonNode failed = reply.body().path("failed");
    assertThat(failed).hasSize(3);
    assertThat(names(failed.get(0))).containsExactlyInAnyOrder("document_id", "error");
    assertThat(failed.get(0).path("document_id").asText()).isEqualTo(NOBODY);
    assertThat(failed.get(0).path("error").asText())
        .isEqualTo("[404] 'No document with id `" + NOBODY + "` found'");
    assertThat(failed.get(1).path("document_id").asText()).isEqualTo("no id");
    assertThat(failed.get(2).path("document_id").asText()).isEqualTo(b);
    assertThat(failed.get(2).path("error").asText())
        .isEqualTo("Task `MANY` already assigned to document `" + b + "`");
    assertThat(dane.post("/task", "{\"document_id\":[],\"key\":\"X\"}").raw().body())
        .isEqualTo("{\"success\":[],\"failed\":[]}");
  }

  // Tasks

  @Test
  void listsAllTasksOfDocument() {
    String document = document();
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      tasks.add(dane.task(document, "K" + i, Map.of()));
    }
    assertThat(ids(dane.get("/document/" + document + "/tasks/").body()))
        .containsExactlyInAnyOrderElementsOf(tasks);
    assertThat(dane.get("/document/" + document() + "/tasks").raw().body()).isEqualTo("[]");
  }

  @Test
  void unknownTaskOrResultIs404() {
    for (String path :
        List.of("", "/delete", "/retry", "/forceretry", "/reset", "/document", "/RESET")) {
      assertThat(dane.get("/task/" + NOBODY + path).status()).as(path).isEqualTo(404);
    }
    assertThat(dane.post("/task/" + NOBODY + "/retry", "").status()).isEqualTo(404);
    assertThat(dane.delete("/task/" + NOBODY).status()).isEqualTo(404);
    assertThat(dane.get("/result/" + NOBODY).status()).isEqualTo(404);
    assertThat(dane.delete("/result/" + NOBODY).status()).isEqualTo(404);
    assertThat(dane.get("/result/" + NOBODY + "/delete").status()).isEqualTo(404);
  }

  @Test
  void showsDocumentOfTaskAndDeletesTask() {
    String document = document();
    String one = dane.task(document, "ONE", Map.of());
    String two = dane.task(document, "TWO", Map.of());
    assertThat(dane.get("/task/" + one + "/document/").body())
        .isEqualTo(dane.get("/document/" + document).body());
    assertThat(dane.delete("/task/" + one).raw().body()).isEqualTo("\"\"\n");
    assertThat(dane.get("/task/" + two + "/delete").status()).isEqualTo(200);
    assertThat(dane.get("/task/" + one).status()).isEqualTo(404);
    assertThat(dane.get("/task/" + two).status()).isEqualTo(404);
  }

  @Test
  void runsTaskAgainByGetAndPost() {
    String id = dane.task(document(), "ACTIONS", Map.of());
    for (String action : List.of("retry", "forceretry", "reset")) {
      for (Response reply :
          List.of(
              dane.get("/task/" + id + "/" + action),
              dane.post("/task/" + id + "/" + action, ""))) {
        assertThat(reply.status()).as(action).isEqualTo(200);
        assertThat(reply.text("_id")).isEqualTo(id);
      }
    }
    assertThat(dane.get("/task/" + id + "/reset").text("msg")).isEqualTo("Reset");
    assertThat(dane.get("/task/" + id + "/explode").status()).isEqualTo(400);
    assertThat(dane.post("/task/" + id + "/explode", "").status()).isEqualTo(400);
  }

  @Test
  void listsTasksThatAreNeitherDoneNorWaiting() {
    String noQueue = dane.task(document(), "NOQUEUE", Map.of());
    String document = document();
    String waiting =
        dane.server().task(document, "WAITS", ",\"depends_on\":[\"NOQUEUE\"],\"courier\":\"dane\"");
    await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(noQueue) == 422);
    for (String path : List.of("/task", "/task/", "/task/inprogress")) {
      List<String> ids = ids(dane.get(path).body());
      assertThat(ids).contains(noQueue).doesNotContain(waiting);
    }
    assertThat(dane.get("/task/" + noQueue).text("msg")).contains("no queue");
  }

  @Test
  void rejectsHeadWithoutEffect() {
    String document = document();
    String task = dane.task(document, "HEADS", Map.of());
    for (String path :
        List.of("/document/" + document + "/delete", "/task/" + task + "/delete", "/task")) {
      HttpRequest.Builder head =
          dane.server().request("/DANE" + path).method("HEAD", HttpRequest.BodyPublishers.noBody());
      assertThat(dane.server().send(head).status()).as(path).isEqualTo(405);
    }
    assertThat(dane.get("/task/" + task).status()).isEqualTo(200);
  }

  @Test
  void rejectsLargeArguments() {
    String large = "x".repeat(262_144);
    isMessage(
        dane.post(
            "/task",
            DaneTestServer.json(Map.of("document_id", document(), "key", "LARGE", "big", large))),
        400,
        "Invalid task format");
  }

  // Workers and creators

  @Test
  void showsAndResetsFailedTasksOfKey() throws Exception {
    List<String> failed = new ArrayList<>();
    try (PythonWorker worker = dane.worker("BREAKS", "BREAKS")) {
      for (int i = 0; i < 25; i++) {
        failed.add(dane.task(document(), "BREAKS", Map.of("state", i < 22 ? 500 : 404)));
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> dane.get("/workers/BREAKS").body().path("total").asInt() == 25);
      JsonNode shown = dane.get("/workers/BREAKS").body();
      assertThat(names(shown)).containsExactly("total", "tasks");
      assertThat(shown.path("tasks")).hasSize(20);
      assertThat(failed).containsAll(ids(shown.path("tasks")));
      assertThat(worker.events("unreadable")).isEmpty();
    }
    Response none = dane.get("/workers/BREAKS/reset/503");
    assertThat(none.raw().body()).isEqualTo("{\"total\":0,\"error\":\"No tasks affected\"}");
    Response reset = dane.get("/workers/BREAKS/reset");
    assertThat(reset.raw().body()).isEqualTo("{\"total\":22,\"error\":\"\"}");
    assertThat(dane.get("/task/" + failed.get(0)).text("msg")).isIn("Manual reset", "Queued");
    assertThat(dane.get("/task/" + failed.get(24)).body().path("state").asInt()).isEqualTo(404);
    assertThat(dane.get("/workers/BREAKS/reset/404").body().path("total").asInt()).isEqualTo(3);
    assertThat(dane.get("/workers/BREAKS/reset/soon").text("error")).contains("soon");
    assertThat(dane.get("/workers/BREAKS/reset/999").text("error")).isEqualTo("No tasks affected");
    assertThat(dane.get("/workers/NOBODY").raw().body()).isEqualTo("{\"total\":0,\"tasks\":[]}");
  }

  @Test
  void listsAllTasksAndResultsOfCreator() throws Exception {
    String creator = unique("Maker/of ");
    List<String> tasks = new ArrayList<>();
    try (PythonWorker worker = dane.worker("MAKES", "MAKES")) {
      for (int i = 0; i < 12; i++) {
        String document = dane.document(unique("made "), creator);
        tasks.add(dane.task(document, "MAKES", Map.of("results", 2)));
        dane.task(document, "OTHER", Map.of());
      }
      tasks.forEach(
          task -> await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(task) == 200));
      assertThat(worker.events("saved")).hasSize(24);
    }
    String path = "/creator/" + path(creator);
    assertThat(dane.get(path + "/docs").body()).hasSize(12);
    assertThat(ids(dane.get(path + "/MAKES/tasks").body()))
        .containsExactlyInAnyOrderElementsOf(tasks);
    JsonNode results = dane.get(path + "/MAKES/results").body();
    assertThat(results).hasSize(24);
    assertThat(names(results.get(0)))
        .containsExactly("_id", "generator", "payload", "created_at", "updated_at");
    String result = results.get(0).path("_id").asText();
    assertThat(dane.get("/result/" + result).body()).isEqualTo(results.get(0));
    assertThat(dane.delete("/result/" + result).raw().body()).isEqualTo("\"\"\n");
    assertThat(dane.get("/result/" + result).status()).isEqualTo(404);
    String second = results.get(1).path("_id").asText();
    assertThat(dane.get("/result/" + second + "/delete").status()).isEqualTo(200);
    assertThat(dane.get(path + "/MAKES/results").body()).hasSize(22);
    assertThat(dane.get("/creator/nobody/docs").raw().body()).isEqualTo("[]");
  }

  // Malformed and concurrent requests

  /** Sends a request line unchanged; Java's client would reject it. */
  private String raw(String line) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), dane.server().uri().getPort())) {
      socket
          .getOutputStream()
          .write(
              (line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void readsQueryThatIsNotEncoded() throws IOException {
    String mark = unique("raw");
    dane.document(mark + " 50% é?", "archive");
    assertThat(raw("GET /DANE/search/document?target_id=" + mark + "%2050%*&creator_id=*"))
        .startsWith("HTTP/1.1 200")
        .contains("\"total\":1");
    assertThat(raw("GET /DANE/search/document?target_id=" + mark + "*é?&creator_id=*"))
        .startsWith("HTTP/1.1 200")
        .contains("\"total\":1");
    assertThat(raw("GET /DANE/search/document?target_id=%zz%"))
        .startsWith("HTTP/1.1 200")
        .contains("\"total\":0");
  }

  @Test
  void answersMalformedPathsWithoutServerError() throws IOException {
    for (String path :
        List.of(
            "/DANE/%zz",
            "/DANE/..%2f",
            "/DANE/document/%00",
            "/DANE/task/%F0%9F%98%80/retry",
            "/DANE//////",
            "/DANE/document/..//..",
            "/DANE/workers/%20",
            "/DANE/creator//docs",
            "/DANE/workers/%ff%fe/reset/1",
            "/DANE/result/;a=b",
            "/DANE/document/a;b/tasks")) {
      assertThat(raw("GET " + path)).as(path).doesNotStartWith("HTTP/1.1 5");
    }
  }

  @Test
  void registersPairOnceWhenRequestedConcurrently() {
    for (int round = 0; round < 10; round++) {
      String item =
          DaneTestServer.json(
              Map.of(
                  "target", Map.of("id", unique("at once"), "url", "u", "type", "Text"),
                  "creator", Map.of("id", "archive", "type", "Human")));
      String batch = "[" + item + "," + item + "]";
      List<CompletableFuture<Response>> replies =
          IntStream.range(0, 3)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> dane.post("/documents/", batch)))
              .toList();
      List<JsonNode> made = new ArrayList<>();
      List<JsonNode> existing = new ArrayList<>();
      for (CompletableFuture<Response> reply : replies) {
        reply.join().body().path("success").forEach(made::add);
        reply.join().body().path("failed").forEach(f -> existing.add(f.path("document")));
      }
      assertThat(made).hasSize(1);
      assertThat(existing).hasSize(5).containsOnly(made.get(0));
    }
  }

  @Test
  void retriesTaskOnceWhenRequestedConcurrently() throws Exception {
    String task;
    try (PythonWorker worker = dane.worker("TWICE", "TWICE")) {
      task = dane.task(document(), "TWICE", Map.of("state", 404));
      await().atMost(Duration.ofMinutes(1)).until(() -> dane.state(task) == 404);
      assertThat(worker.events("took")).hasSize(1);
    }
    List<CompletableFuture<Response>> replies =
        IntStream.range(0, 5)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> dane.get("/task/" + task + "/retry")))
            .toList();
    for (CompletableFuture<Response> reply : replies) {
      assertThat(reply.join().text("state")).isEqualTo("102");
    }
    assertThat(dane.server().get("/task/" + task).body().path("attempt").asInt()).isEqualTo(2);
  }

  @Test
  void resetsEachTaskOnceWhenRequestedConcurrently() throws Exception {
    try (PythonWorker worker = dane.worker("RESETS", "RESETS")) {
      for (int i = 0; i < 20; i++) {
        dane.task(document(), "RESETS", Map.of("state", 418));
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> dane.get("/workers/RESETS").body().path("total").asInt() == 20);
      assertThat(worker.events("took")).hasSize(20);
    }
    List<CompletableFuture<Response>> replies =
        IntStream.range(0, 3)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> dane.get("/workers/RESETS/reset/418")))
            .toList();
    int total = 0;
    for (CompletableFuture<Response> reply : replies) {
      total += reply.join().body().path("total").asInt();
    }
    assertThat(total).isEqualTo(20);
  }

  @Test
  void keepsTextOfAnyLanguage() {
    String odd = "映画 ✓ עברית \uD83D\uDCFC \u0000é\u202e";
    Response made =
        dane.post(
            "/documents/",
            DaneTestServer.json(
                List.of(
                    DaneTestServer.json(
                        Map.of(
                            "target", Map.of("id", unique(odd), "url", "u", "type", "Text"),
                            "creator", Map.of("id", odd, "type", "Human"))))));
    assertThat(made.body().at("/success/0/creator/id").textValue()).isEqualTo(odd);
    String document = made.body().at("/success/0/_id").textValue();
    Response task =
        dane.post(
            "/task/", DaneTestServer.json(Map.of("document_id", document, "key", "ODD", odd, odd)));
    assertThat(task.body().path("args").path(odd).textValue()).isEqualTo(odd);
    assertThat(dane.get("/document/" + document + "/tasks").body().get(0).path("args"))
        .isEqualTo(task.body().path("args"));
  }

  @Test
  void rejectsItemsThatAreTooDeepOrTooLarge() {
    String deep = "[".repeat(5_000) + "]".repeat(5_000);
    String large = "x".repeat(20_000);
    String item =
        "{\"target\":{\"id\":\"%s\",\"url\":\"u\",\"type\":\"Text\",\"more\":%s},"
            + "\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}";
    Response reply =
        dane.post(
            "/documents/",
            DaneTestServer.json(
                List.of(
                    item.formatted(unique("deep"), deep),
                    item.formatted(large, "1"),
                    item.formatted(unique("fine"), "1"))));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().path("success")).hasSize(1);
    assertThat(reply.body().path("failed")).hasSize(2);
    assertThat(dane.post("/documents/", "[" + item.formatted("x", deep) + "]").status())
        .isEqualTo(400);
    assertThat(dane.post("/document/", item.formatted("x", deep)).status()).isEqualTo(400);
  }

  // Outside of /DANE/

  @Test
  void showsHealthAndReadiness() {
    assertThat(dane.server().get("/health").status()).isEqualTo(200);
    Response ready = dane.server().get("/ready");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.text("database")).isEqualTo("200 OK");
    assertThat(ready.text("messagequeue")).isEqualTo("200 OK");
  }

  @Test
  void answersUnknownPathInShapeOfDane() {
    isMessage(
        dane.get("/nothing"),
        404,
        "The requested URL was not found on the server. If you entered the URL manually please"
            + " check your spelling and try again.");
    assertThat(dane.delete("/workers").body().has("message")).isTrue();
    assertThat(dane.server().get("/nothing").body().has("title")).isTrue();
  }
}
