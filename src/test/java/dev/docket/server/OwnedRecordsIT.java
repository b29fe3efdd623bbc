package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random records of several owners. Each list, search, export, count and event stream of a caller
 * contains all records that it sees, and no other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OwnedRecordsIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final String ADMIN = "admin";

  /** The groups of the archivists; an empty text stands for none. */
  private static final Map<String, String> GROUPS =
      new TreeMap<>(Map.of("ann", "film", "bob", "film", "eve", "radio", "joe", ""));

  private static final List<String> KEYS = List.of("ASR", "OCR", "FIXITY");

  private static final int DOCUMENTS = 60;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final HttpClient http = HttpClient.newHttpClient();
  private final int storePort = ServerProcess.freePort();
  private final Map<String, String> documentOwners = new HashMap<>();
  private final Map<String, String> taskOwners = new HashMap<>();
  private final Map<String, String> resultOwners = new HashMap<>();
  private final ConcurrentMap<String, Set<String>> events = new ConcurrentHashMap<>();
  private TestServer server;

  @BeforeAll
  void createRecords() throws Exception {
    String keys =
        Stream.concat(
                GROUPS.entrySet().stream()
                    .map(e -> key(e.getKey(), e.getValue(), "archivist, analyst")),
                Stream.of(key(ADMIN, "", "admin")))
            .collect(Collectors.joining("\n"));
    server =
        new TestServer(
            TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                """
                dane: {store: {enabled: true, port: %d, bindHost: 127.0.0.1}}
                access:
                  roles:
                    archivist: {sees: group, changes: own}
                    analyst: {sees: group, changes: own}
                apiKeys:
                %s
                """
                    .formatted(storePort, keys)));
    for (String caller : GROUPS.keySet()) {
      openEvents(caller);
    }
    for (int i = 0; i < DOCUMENTS; i++) {
      createDocument(i);
    }
  }

  private static String key(String name, String group, String roles) {
    String part = group.isEmpty() ? "" : ", group: " + group;
    return "  - {name: %s%s, sha256: %s, roles: [%s]}"
        .formatted(name, part, ApiKey.hash(name), roles);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private void openEvents(String caller) {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    var unused =
        http.sendAsync(
                HttpRequest.newBuilder(server.uri().resolve("/events"))
                    .header("Authorization", "Bearer " + caller)
                    .build(),
                HttpResponse.BodyHandlers.ofLines())
            .thenAccept(
                response ->
                    response
                        .body()
                        .filter(line -> line.startsWith("data:"))
                        .map(line -> ApiContract.json(line.substring("data:".length())))
                        .forEach(
                            event ->
                                seen.add(
                                    event.has("connected")
                                        ? "connected " + event.path("connected")
                                        : event.path("id").asText())));
    await().until(() -> seen.contains("connected true"));
    events.put(caller, seen);
  }

  private void createDocument(int number) {
    String owner = any(List.copyOf(GROUPS.keySet()));
    String document =
        send(
                "POST",
                "/document",
                """
                {"target":{"id":"film-%d","url":"file:///%d","type":"Video"},
                 "creator":{"id":"archive","type":"Organization"}}
                """
                    .formatted(number, number),
                owner)
            .path("id")
            .asText();
    documentOwners.put(document, owner);
    for (String key : KEYS) {
      String submitter = any(GROUPS.keySet().stream().filter(c -> sees(c, owner)).toList());
      if (random.nextInt(3) > 0) {
        createTask(document, key, submitter);
      }
    }
  }

  private void createTask(String document, String key, String submitter) {
    String body = "{\"document_id\":\"%s\",\"key\":\"%s\"}".formatted(document, key);
    String task = send("POST", "/task", body, submitter).path("id").asText();
    taskOwners.put(task, submitter);
    if (random.nextBoolean()) {
      return;
    }
    JsonNode claim = send("POST", "/task/" + task + "/claim", "{\"worker\":\"w\"}", ADMIN);
    ObjectNode done =
        (ObjectNode) ApiContract.json("{\"worker\":\"w\",\"message\":\"done\",\"state\":200}");
    for (String field : List.of("attempt", "run", "claim_id")) {
      done.set(field, claim.path(field));
    }
    boolean hasResult = random.nextInt(4) > 0;
    if (hasResult) {
      done.set("results", ApiContract.json("[{\"payload\":{\"words\":1}}]"));
    }
    send("POST", "/task/" + task + "/complete", done.toString(), ADMIN);
    if (hasResult) {
      send("GET", "/task/" + task + "/results", null, ADMIN)
          .forEach(result -> resultOwners.put(result.path("id").asText(), submitter));
    }
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static boolean sees(String caller, String owner) {
    String group = GROUPS.getOrDefault(caller, "");
    return caller.equals(ADMIN)
        || caller.equals(owner)
        || (!group.isEmpty() && group.equals(GROUPS.get(owner)));
  }

  private static Set<String> seen(String caller, Map<String, String> owners) {
    return owners.keySet().stream()
        .filter(id -> sees(caller, owners.get(id)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Map<String, Map<String, String>> kinds() {
    return Map.of("document", documentOwners, "task", taskOwners, "result", resultOwners);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "bob", "eve", "joe", ADMIN})
  void pagesContainExactlyWhatTheCallerSees(String caller) {
    awaitResults();
    kinds()
        .forEach(
            (kind, owners) -> {
              Set<String> expected = seen(caller, owners);
              Set<String> found = new TreeSet<>();
              String cursor = "";
              do {
                JsonNode page =
                    send("GET", "/search/" + kind + "?fresh=true&size=7" + cursor, null, caller);
                assertThat(page.path("total").asInt())
                    .as("seed %d", seed)
                    .isEqualTo(expected.size());
                page.path("hits").forEach(hit -> found.add(hit.path("id").asText()));
                cursor =
                    page.path("next").isTextual() ? "&cursor=" + page.path("next").asText() : "";
              } while (!cursor.isEmpty());
              assertThat(found).as("%s of %s, seed %d", kind, caller, seed).isEqualTo(expected);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "bob", "eve", "joe", ADMIN})
  void filtersAndFacetsCountOnlyWhatTheCallerSees(String caller) {
    awaitResults();
    JsonNode page =
        send("GET", "/search/task?fresh=true&size=1&facets=owner.name,key&key=ASR", null, caller);
    int total = page.path("total").asInt();
    Set<String> owners = new HashSet<>();
    int counted = 0;
    for (JsonNode value : page.at("/facets/owner.name")) {
      owners.add(value.path("value").asText());
      counted += value.path("count").asInt();
    }
    assertThat(counted).isEqualTo(total);
    assertThat(owners).allMatch(owner -> sees(caller, owner));
    JsonNode foreign = send("GET", "/search/task?fresh=true&owner.name=eve", null, caller);
    assertThat(foreign.path("total").asInt() > 0).isEqualTo(sees(caller, "eve"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "bob", "eve", "joe", ADMIN})
  void exportsContainExactlyWhatTheCallerSees(String caller) throws Exception {
    awaitResults();
    for (Map.Entry<String, Map<String, String>> kind : kinds().entrySet()) {
      Set<String> expected = seen(caller, kind.getValue());
      String path = "/search/" + kind.getKey() + "?fresh=true";
      Set<String> ndjson = new TreeSet<>();
      text(path, "application/x-ndjson", caller)
          .lines()
          .forEach(line -> ndjson.add(ApiContract.json(line).path("id").asText()));
      assertThat(ndjson).as("seed %d", seed).isEqualTo(expected);
      Set<String> csv =
          text(path, "text/csv", caller)
              .lines()
              .skip(1)
              .map(line -> line.substring(0, line.indexOf(',')).replace("\"", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(csv).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "bob", "eve", "joe", ADMIN})
  void listsContainExactlyWhatTheCallerSees(String caller) {
    awaitResults();
    Set<String> listed = new TreeSet<>();
    for (String document : seen(caller, documentOwners)) {
      send("GET", "/document/" + document + "/tasks", null, caller)
          .forEach(task -> listed.add(task.path("id").asText()));
    }
    Set<String> onSeenDocuments = seen(caller, taskOwners);
    assertThat(listed).as("seed %d", seed).isEqualTo(onSeenDocuments);
    Set<String> open = new TreeSet<>();
    send("GET", "/task/inprogress", null, caller)
        .forEach(task -> open.add(task.path("id").asText()));
    assertThat(onSeenDocuments).containsAll(open);
    Set<String> dane = new TreeSet<>();
    send("GET", "/DANE/creator/archive/*/tasks".replace("*", "%2A"), null, caller)
        .forEach(task -> dane.add(task.path("_id").asText()));
    assertThat(dane).as("seed %d", seed).isEqualTo(onSeenDocuments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "bob", "eve", "joe", ADMIN})
  void searchesOfDaneIndexContainExactlyWhatTheCallerSees(String caller) throws Exception {
    awaitResults();
    Set<String> expected = new TreeSet<>();
    kinds().values().forEach(owners -> expected.addAll(seen(caller, owners)));
    JsonNode found =
        ApiContract.json(
            send(
                    HttpRequest.newBuilder(
                            URI.create(
                                "http://127.0.0.1:" + storePort + "/dane-index/_search?size=1000"))
                        .header("Content-Type", "application/json")
                        .POST(
                            HttpRequest.BodyPublishers.ofString("{\"query\":{\"match_all\":{}}}")),
                    caller)
                .body());
    Set<String> ids = new TreeSet<>();
    found.at("/hits/hits").forEach(hit -> ids.add(hit.path("_id").asText()));
    assertThat(ids).as("seed %d", seed).isEqualTo(expected);
    for (String id : List.copyOf(taskOwners.keySet()).subList(0, 10)) {
      int status =
          send(
                  HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + storePort + "/dane-index/_doc/" + id)),
                  caller)
              .statusCode();
      assertThat(status == 200).isEqualTo(sees(caller, taskOwners.get(id)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "bob", "eve", "joe"})
  void eventStreamsContainExactlyWhatTheCallerSees(String caller) {
    Set<String> expected = seen(caller, taskOwners);
    Set<String> received = events.get(caller);
    await().until(() -> received.containsAll(expected));
    assertThat(received.stream().filter(id -> !id.startsWith("connected")))
        .as("seed %d", seed)
        .allMatch(expected::contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "bob", "eve", "joe"})
  void statsCountWhatTheCallerSees(String caller) {
    awaitResults();
    JsonNode stats = send("GET", "/stats", null, caller);
    assertThat(stats.path("documents").asInt()).isEqualTo(seen(caller, documentOwners).size());
    assertThat(stats.path("results").asInt()).isEqualTo(seen(caller, resultOwners).size());
    assertThat(stats.path("open").asInt() + stats.path("ended").asInt())
        .as("seed %d", seed)
        .isEqualTo(seen(caller, taskOwners).size());
  }

  /** A search finds results when the effect of the end has stored them. */
  private void awaitResults() {
    await()
        .until(
            () ->
                send("GET", "/search/result?fresh=true&size=1", null, ADMIN).path("total").asInt(),
            total -> total == resultOwners.size());
  }

  private JsonNode send(String method, String path, String body, String caller) {
    HttpRequest.Builder request = server.request(path).header("Authorization", "Bearer " + caller);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    TestServer.Response response = server.send(request);
    assertThat(response.status())
        .as("%s %s of %s: %s", method, path, caller, response.raw().body())
        .isIn(200, 201);
    return response.body();
  }

  private String text(String path, String accept, String caller) throws Exception {
    return send(server.request(path).header("Accept", accept), caller).body();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String caller) throws Exception {
    return http.send(
        request.header("Authorization", "Bearer " + caller).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
