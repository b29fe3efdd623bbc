package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.server.AccessRoutes.Api;
import dev.docket.server.AccessRoutes.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each route of the server, for each role and for records of the caller, of its group and of
 * others. The routes are those of the code, so that a new one cannot be missed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessMatrixIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final List<String> ROLES =
      List.of(Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN);

  /** Routes with an id that is not checked by the owner: of creators, claims and DANE's index. */
  private static final Set<String> OTHER_IDS =
      Set.of(
          "POST /task/{id}/claim",
          "POST /task/{id}/log",
          "POST /task/{id}/progress",
          "POST /task/{id}/complete",
          "POST /task/{id}/give_back",
          "PUT /task/{id}/results/{n}",
          "HEAD /task/{id}/results/{n}",
          "GET /keys/{id}",
          "DELETE /keys/{id}",
          "DANE GET /creator/{id}/docs",
          "DANE GET /creator/{id}/{key}/tasks",
          "DANE GET /creator/{id}/{key}/results",
          "DANE_STORE GET /{index}/_doc/{id}",
          "DANE_STORE DELETE /{index}/_doc/{id}");

  private static final String CLAIM =
      "{\"attempt\":1,\"run\":\"r\",\"claim_id\":\"c\",\"worker\":\"w\"";

  /** Bodies, by route; others are empty. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("POST /document", "DOCUMENT"),
          Map.entry("POST /documents", "[DOCUMENT]"),
          Map.entry("PATCH /document/{id}", "{\"metadata\":{\"changed\":true}}"),
          Map.entry("POST /task", "{\"document_id\":\"OWN\",\"key\":\"OCR\"}"),
          Map.entry("POST /tasks", "[{\"document_id\":\"OWN\",\"key\":\"OCR\"}]"),
          Map.entry("POST /task/{id}/claim", "{\"worker\":\"w\"}"),
          Map.entry("POST /task/{id}/log", CLAIM + ",\"message\":\"m\"}"),
          Map.entry("POST /task/{id}/progress", CLAIM + ",\"progress\":1}"),
          Map.entry("POST /task/{id}/complete", CLAIM + ",\"state\":200}"),
          Map.entry("POST /task/{id}/give_back", CLAIM + "}"),
          Map.entry("PUT /task/{id}/results/{n}", "{}"),
          Map.entry("POST /worker/report", "[{\"type\":\"hello\",\"worker\":\"w\"}]"),
          Map.entry(
              "POST /worker/poll",
              "{\"poll_id\":\"p\",\"worker\":\"w\",\"keys\":[\"ASR\"],\"types\":[\"Video\"],"
                  + "\"max\":1,\"wait_s\":0}"),
          Map.entry("POST /services", "{\"slug\":\"created\"}"),
          Map.entry("PUT /services/{slug}", "{}"),
          Map.entry("PATCH /services/{slug}", "{}"),
          Map.entry("PUT /services/{slug}/health", "{\"state\":\"available\"}"),
          Map.entry("POST /keys", "{\"name\":\"new\",\"roles\":[\"worker\"]}"),
          Map.entry("DANE POST /document", "DOCUMENT"),
          Map.entry("DANE POST /documents", "[DOCUMENT]"),
          Map.entry("DANE POST /document/batchdelete", "[]"),
          Map.entry("DANE POST /task", "{\"document_id\":\"OWN\",\"key\":\"OCR\"}"),
          Map.entry("DANE_STORE POST /_search/scroll", "{\"scroll_id\":\"x\"}"),
          Map.entry("DANE_STORE POST /{index}/_doc", "{}"));

  private static final Map<String, String> PARAMETERS =
      Map.of(
          "key", "ASR",
          "slug", "asr",
          "state", "500",
          "action", "retry",
          "n", "0",
          "index", "dane-index",
          "target", "%2A",
          "creator", "%2A");

  private final HttpClient http = HttpClient.newHttpClient();
  private final int storePort = ServerProcess.freePort();
  private final Map<String, String> rejected = new LinkedHashMap<>();
  private MatrixCredentials tokens;
  private TestServer server;

  /** Whose record a route gets. */
  private enum Whose {
    OWN("ann-archivist"),
    GROUP("bob"),
    FOREIGN("eve");

    private final String key;

    Whose(String key) {
      this.key = key;
    }
  }

  @BeforeAll
  void startServer() throws Exception {
    String keys =
        Stream.of(
                ROLES.stream().map(role -> key("ann-" + role, "ann", "film", role)),
                Stream.of(key("bob", "bob", "film", Roles.ARCHIVIST)),
                Stream.of(
                    key("eve", "eve", "radio", Roles.ARCHIVIST),
                    key("root", "root", "staff", Roles.ADMIN)))
            .flatMap(all -> all)
            .collect(Collectors.joining("\n"));
    String rules =
        Stream.of(Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST)
            .map(role -> role + ": {sees: group, changes: own}")
            .collect(Collectors.joining(", "));
    tokens = new MatrixCredentials();
    server =
        new TestServer(
            TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "dane: {store: {enabled: true, port: %d, bindHost: 127.0.0.1}}\n"
                        .formatted(storePort)
                    + "access: {roles: {%s}, tokens: %s}\napiKeys:\n%s\n"
                        .formatted(rules, tokens.config(), keys)));
    tokens.rotate();
    String rotated = tokens.byRotatedKey(Roles.ADMIN);
    await()
        .until(
            () -> status(HttpRequest.newBuilder(server.uri().resolve("/stats")), rotated),
            status -> status == 200);
    JsonNode key = post("/keys", "{\"name\":\"ann\",\"roles\":[\"admin\"]}", "ann-admin");
    server.send(
        server
            .request("/keys/" + key.path("id").asText())
            .header("Authorization", "Bearer ann-admin")
            .DELETE());
    rejected.put("a revoked key", key.path("key").asText());
    rejected.put("an unknown key", "wrong");
    tokens.rejected().forEach((what, token) -> rejected.put("a token " + what, token));
  }

  private static String key(String key, String name, String group, String role) {
    return "  - {name: %s, group: %s, sha256: %s, roles: [%s]}"
        .formatted(name, group, ApiKey.hash(key), role);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
    tokens.close();
  }

  @Test
  void everyRouteWithAnIdChecksItsOwner() {
    List<Route> withId =
        AccessRoutes.all().stream().filter(route -> route.template().contains("{id}")).toList();

    assertThat(withId).hasSizeGreaterThan(30);
    assertThat(withId.stream().filter(route -> route.kind() == null).map(Route::toString))
        .containsExactlyInAnyOrderElementsOf(OTHER_IDS);
  }

  @Test
  void routesOfThoseWhoChangeRecordsCheckChanges() {
    Set<String> changers = Set.of(Roles.ARCHIVIST, Roles.ADMIN);
    assertThat(AccessRoutes.all())
        .filteredOn(route -> route.kind() != null)
        .allMatch(route -> (route.changes() != null) == route.roles().equals(changers));
  }

  static List<Route> routes() {
    return AccessRoutes.all().stream().filter(route -> !route.open()).toList();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void appliesRolesAndOwners(Route route) throws Exception {
    for (String role : ROLES) {
      for (Whose whose : route.kind() == null ? List.of(Whose.OWN) : List.of(Whose.values())) {
        check(route, role, whose, call(route, role, whose, "ann-" + role));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void acceptsTokensAsKeys(Route route) throws Exception {
    for (String role : List.of(Roles.ARCHIVIST, Roles.WORKER)) {
      String token = role.equals(Roles.WORKER) ? tokens.bySecret(role) : tokens.byRotatedKey(role);
      for (Whose whose : List.of(Whose.OWN, Whose.FOREIGN)) {
        check(route, role, whose, call(route, role, whose, token));
      }
    }
  }

  private static void check(Route route, String role, Whose whose, int status) {
    String call = route + " as " + role + " on a record that is " + whose + ": " + status;
    if (!route.roles().contains(role)) {
      assertThat(status).as(call).isEqualTo(403);
    } else if (route.kind() == null) {
      assertThat(status).as(call).isNotIn(401, 403).isLessThan(500);
    } else if (role.equals(Roles.ADMIN) || whose == Whose.OWN) {
      assertThat(status).as(call).isNotIn(401, 403, 404).isLessThan(500);
    } else if (whose == Whose.FOREIGN) {
      assertThat(status).as(call).isEqualTo(404);
    } else if (route.changes() != null) {
      assertThat(status).as(call).isEqualTo(403);
    } else {
      assertThat(status).as(call).isNotIn(401, 403, 404).isLessThan(500);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void rejectsOtherCredentials(Route route) throws Exception {
    assertThat(send(route, "x", null)).as("%s without credentials", route).isEqualTo(401);
    for (Map.Entry<String, String> credentials : rejected.entrySet()) {
      assertThat(send(route, "x", credentials.getValue()))
          .as("%s with %s", route, credentials.getKey())
          .isEqualTo(401);
    }
  }

  @Test
  void changesOwnDocument() throws Exception {
    String own = document("ann-archivist");
    TestServer.Response changed =
        server.send(
            server
                .request("/document/" + own)
                .header("Authorization", "Bearer ann-archivist")
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"metadata\":{\"a\":1}}")));
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.body().at("/owner/name").asText()).isEqualTo("ann");
  }

  @Test
  void conflictsDoNotShowForeignRecords() throws Exception {
    String pair = newDocument();
    post("/document", pair, "eve");

    TestServer.Response own = tryPost("/document", pair, "eve");
    assertThat(own.status()).isEqualTo(409);
    assertThat(own.body().has("existing")).isTrue();
    TestServer.Response foreign = tryPost("/document", pair, "ann-archivist");
    assertThat(foreign.status()).isEqualTo(409);
    assertThat(foreign.text("detail"))
        .isEqualTo("this target of this creator is already registered");
    assertThat(foreign.body().has("existing")).isFalse();
    JsonNode batch = post("/DANE/documents/", "[" + pair + "]", "ann-archivist");
    assertThat(batch.at("/failed/0").has("document")).isFalse();
    assertThat(batch.at("/failed/0/error").asText()).contains("already exists");
  }

  @Test
  void tasksOfOthersOnAnOwnDocumentStayHidden() {
    String document = document("ann-archivist");
    String body = "{\"document_id\":\"%s\",\"key\":\"ASR\"}".formatted(document);
    String foreign = post("/task", body, "root").path("id").asText();

    TestServer.Response taken = tryPost("/task", body, "ann-archivist");
    assertThat(taken.status()).isEqualTo(409);
    assertThat(taken.raw().body()).doesNotContain(foreign);
    String dependent =
        post(
                "/task",
                "{\"document_id\":\"%s\",\"key\":\"NER\",\"depends_on\":[\"ASR\"]}"
                    .formatted(document),
                "ann-archivist")
            .path("id")
            .asText();
    String path = "/task/" + dependent + "/explain";
    assertThat(get(path, "ann-archivist").toString()).contains("its current state is unknown");
    assertThat(get(path, "ann-admin").toString()).doesNotContain("current state is unknown");
  }

  @Test
  void workersDeleteNoForeignResultsFromTheIndex() throws Exception {
    String foreign = result("eve");
    URI uri = URI.create("http://127.0.0.1:" + storePort + "/dane-index/_doc/" + foreign);
    assertThat(status(HttpRequest.newBuilder(uri).DELETE(), "ann-worker")).isEqualTo(404);
    assertThat(status(HttpRequest.newBuilder(uri), "ann-admin")).isEqualTo(200);
  }

  private TestServer.Response tryPost(String path, String body, String key) {
    return server.send(
        server
            .request(path)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode get(String path, String key) {
    return server.send(server.request(path).header("Authorization", "Bearer " + key)).body();
  }

  private int call(Route route, String role, Whose whose, String key) throws Exception {
    if (!route.roles().contains(role)) {
      return send(route, "x", key);
    }
    OwnedRecord kind = route.kind();
    String id =
        kind == null
            ? "x"
            : switch (kind) {
              case DOCUMENT -> document(whose.key);
              case TASK -> task(whose.key);
              case RESULT -> result(whose.key);
            };
    return send(route, id, key);
  }

  private int send(Route route, String id, String key) throws Exception {
    String path = route.template().replace("{id}", id);
    for (Map.Entry<String, String> parameter : PARAMETERS.entrySet()) {
      path = path.replace("{" + parameter.getKey() + "}", parameter.getValue());
    }
    assertThat(path).as("all parameters of %s have values", route).doesNotContain("{");
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base(route.api()) + path));
    String body = BODIES.get(route.toString());
    if (body != null) {
      String type =
          route.method().equals("PATCH") ? "application/merge-patch+json" : "application/json";
      request.header("Content-Type", type);
    }
    request.method(
        route.method(),
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(filled(body, key)));
    return status(request, key);
  }

  private String filled(String body, String key) throws Exception {
    String own =
        body.contains("OWN") && key != null && !key.equals("wrong")
            ? document("ann-archivist")
            : "x";
    return body.replace("DOCUMENT", newDocument()).replace("OWN", own);
  }

  private String base(Api api) {
    return switch (api) {
      case DOCKET -> server.uri().toString();
      case DANE -> server.uri() + "/DANE";
      case DANE_STORE -> "http://127.0.0.1:" + storePort;
    };
  }

  /** Reads the whole body, except that of an event stream, which never ends. */
  private int status(HttpRequest.Builder request, String key) throws Exception {
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    HttpResponse<InputStream> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      String type = response.headers().firstValue("Content-Type").orElse("");
      if (!type.startsWith("text/event-stream")) {
        body.readAllBytes();
      }
    }
    return response.statusCode();
  }

  private static String newDocument() {
    String id = "film-" + UUID.randomUUID();
    return "{\"target\":{\"id\":\"%s\",\"url\":\"file:///%s\",\"type\":\"Video\"},"
            .formatted(id, id)
        + "\"creator\":{\"id\":\"archive\",\"type\":\"Organization\"}}";
  }

  private JsonNode post(String path, String body, String key) {
    TestServer.Response response = tryPost(path, body, key);
    assertThat(response.status()).as(path + " " + response.raw().body()).isIn(200, 201);
    return response.body();
  }

  private String document(String key) {
    return post("/document", newDocument(), key).path("id").asText();
  }

  private String task(String key) {
    String body = "{\"document_id\":\"%s\",\"key\":\"ASR\"}".formatted(document(key));
    return post("/task", body, key).path("id").asText();
  }

  private String result(String key) throws IOException {
    String task = task(key);
    JsonNode claim = post("/task/" + task + "/claim", "{\"worker\":\"w\"}", "ann-worker");
    ObjectNode done =
        (ObjectNode) ApiContract.json("{\"worker\":\"w\",\"state\":200,\"message\":\"done\"}");
    for (String field : List.of("attempt", "run", "claim_id")) {
      done.set(field, claim.path(field));
    }
    done.set("results", ApiContract.json("[{\"payload\":{\"words\":1}}]"));
    post("/task/" + task + "/complete", done.toString(), "ann-worker");
    return await()
        .until(
            () -> {
              JsonNode results =
                  server
                      .send(
                          server
                              .request("/task/" + task + "/results")
                              .header("Authorization", "Bearer ann-admin"))
                      .body();
              String id = results.at("/0/id").asText();
              boolean stored =
                  !id.isEmpty()
                      && status(
                              HttpRequest.newBuilder(server.uri().resolve("/result/" + id)),
                              "ann-admin")
                          == 200;
              return stored ? id : "";
            },
            id -> !id.isEmpty());
  }
}
