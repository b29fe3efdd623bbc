package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server with keys and rules that starts on records of the release before owners. They belong to
 * nobody, and only callers that see all records see them.
 */
final class OwnersUpgradeIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILES = "/upgrade/leases/";

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private String task;
  private String document;
  private TestServer server;

  @BeforeEach
  void startOnRecordsOfEarlierRelease() throws Exception {
    String prefix =
        BACKENDS.prefix() + "-owners" + UUID.randomUUID().toString().substring(0, 8) + "-";
    FormerRecords former = new FormerRecords(BACKENDS.backends().elasticsearch(), prefix);
    former.createIndex("documents", FormerRecords.template("documents"));
    former.createIndex("tasks", FILES + "tasks-template.json");
    former.createIndex("reconciler", FormerRecords.template("reconciler"));
    former.storeAll("documents", FILES + "documents.ndjson");
    former.storeAll("tasks", FILES + "tasks.ndjson");
    former.store("reconciler", "leader", FormerRecords.read(FILES + "leader.json"));
    List<String> tasks = FormerRecords.read(FILES + "tasks.ndjson").lines().toList();
    JsonNode waiting = JSON.readTree(tasks.get(tasks.size() - 1));
    task = waiting.path("id").asText();
    document = waiting.path("document_id").asText();
    server =
        new TestServer(
            TestServer.config(
                    BACKENDS.backends().elasticsearch(),
                    BACKENDS.backends().amqp(),
                    BACKENDS.prefix(),
                    """
                    access: {roles: {archivist: {sees: own}}}
                    apiKeys:
                      - {name: ingest, sha256: %s, roles: [archivist]}
                      - {name: root, sha256: %s, roles: [admin]}
                    """
                        .formatted(ApiKey.hash("ingest"), ApiKey.hash("root")))
                .replaceFirst("indexPrefix: \"[^\"]*\"", "indexPrefix: \"" + prefix + "\""));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void recordsWithoutOwnersAreSeenByWhoSeesAll() {
    JsonNode seen = get("/task/" + task, "root", 200);
    assertThat(seen.has("owner")).isFalse();
    assertThat(seen.path("submitted_by").asText()).isNotEmpty();
    assertThat(get("/search/task?fresh=true", "root", 200).path("total").asInt()).isEqualTo(4);
    get("/document/" + document, "root", 200);
    for (JsonNode move : get("/task/" + task + "/history", "root", 200)) {
      assertThat(move.has("principal")).isFalse();
    }

    get("/task/" + task, "ingest", 404);
    get("/document/" + document, "ingest", 404);
    assertThat(get("/search/task?fresh=true", "ingest", 200).path("total").asInt()).isZero();
    assertThat(get("/search/document?fresh=true", "ingest", 200).path("total").asInt()).isZero();
  }

  @Test
  void newTasksOnTheirDocumentsHaveOwners() {
    String body = "{\"document_id\":\"%s\",\"key\":\"NEW\"}".formatted(document);
    assertThat(post("/task", body, "ingest").status()).isEqualTo(404);

    TestServer.Response created = post("/task", body, "root");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.body().at("/owner/name").asText()).isEqualTo("root");
  }

  @Test
  void formerTasksCanBeChangedByWhoChangesAll() {
    assertThat(post("/task/" + task + "/cancel", null, "ingest").status()).isEqualTo(404);
    assertThat(post("/task/" + task + "/cancel", null, "root").status()).isEqualTo(200);
    await().until(() -> get("/task/" + task, "root", 200).path("state").asInt() == 499);
    JsonNode history = get("/task/" + task + "/history", "root", 200);
    assertThat(history.get(history.size() - 1).path("principal").asText()).isEqualTo("root");
  }

  private JsonNode get(String path, String key, int status) {
    TestServer.Response response =
        server.send(server.request(path).header("Authorization", "Bearer " + key));
    assertThat(response.status()).as(path).isEqualTo(status);
    return response.body();
  }

  private TestServer.Response post(String path, String body, String key) {
    HttpRequest.Builder request = server.request(path).header("Authorization", "Bearer " + key);
    if (body == null) {
      return server.send(request.POST(HttpRequest.BodyPublishers.noBody()));
    }
    return server.send(
        request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }
}
