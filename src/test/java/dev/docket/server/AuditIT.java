package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.protocol.dane.DaneProtocol;
import dev.docket.server.TestServer.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit of a server with API keys, on its own port and on those of DANE. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final String WRONG_KEY = "a-wrong-key-that-must-not-be-stored";

  private final int danePort = ServerProcess.freePort();
  private final int indexPort = ServerProcess.freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;

  @BeforeAll
  void startServer() throws Exception {
    String yaml =
        TestServer.config(
            BACKENDS.backends().elasticsearch(),
            BACKENDS.backends().amqp(),
            BACKENDS.prefix(),
            """
            dane:
              port: {enabled: true, port: %d, bindHost: 127.0.0.1}
              store: {enabled: true, port: %d, bindHost: 127.0.0.1}
            apiKeys:
            - {name: ann, sha256: %s, roles: [archivist]}
            - {name: gpu-workers, sha256: %s, roles: [worker]}
            - {name: reader, sha256: %s, roles: [analyst]}
            - {name: root, sha256: %s, roles: [admin]}
            """
                .formatted(
                    danePort,
                    indexPort,
                    ApiKey.hash("ann-key"),
                    ApiKey.hash("worker-key"),
                    ApiKey.hash("reader-key"),
                    ApiKey.hash("root-key")));
    server =
        new TestServer(
            yaml.replace(
                "type: http, port: 0, maxRequestHeaderSize",
                "type: http, port: 0, useForwardedHeaders: true, maxRequestHeaderSize"),
            DaneProtocol::new);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static HttpRequest.Builder with(String key, HttpRequest.Builder request) {
    return request.header("Authorization", "Bearer " + key);
  }

  private Response send(String key, String method, String path) {
    return send(key, method, server.uri().resolve(path), "");
  }

  private Response send(String key, String method, URI uri, String body) {
    return server.send(
        with(key, HttpRequest.newBuilder(uri))
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  private Response post(String key, String path, String body) {
    return send(key, "POST", server.uri().resolve(path), body);
  }

  private Response onPort(String key, int port, String method, String path) {
    return send(key, method, URI.create("http://127.0.0.1:" + port + path), "");
  }

  private String document() {
    Response created =
        post(
            "ann-key",
            "/document",
            """
            {"target":{"id":"%s","url":"file:///x","type":"Text"},
             "creator":{"id":"archive","type":"Organization"}}
            """
                .formatted(UUID.randomUUID()));
    assertThat(created.status()).as(created.raw().body()).isEqualTo(201);
    return created.text("id");
  }

  private String task(String key) {
    Response created =
        post(
            "ann-key",
            "/task",
            "{\"document_id\":\"%s\",\"key\":\"%s\"}".formatted(document(), key));
    assertThat(created.status()).as(created.raw().body()).isEqualTo(201);
    return created.text("id");
  }

  /** Claims and completes a task over HTTP, and returns the id of its result. */
  private String result(String task) {
    Response claim = post("worker-key", "/task/" + task + "/claim", "{\"worker\":\"asr-3\"}");
    assertThat(claim.status()).as(claim.raw().body()).isEqualTo(200);
    Response completed =
        post(
            "worker-key",
            "/task/" + task + "/complete",
            """
            {"worker":"asr-3","attempt":%d,"run":"%s","claim_id":"%s","state":200,
             "results":[{"payload":1}]}
            """
                .formatted(
                    claim.body().path("attempt").asInt(),
                    claim.text("run"),
                    claim.text("claim_id")));
    assertThat(completed.status()).as(completed.raw().body()).isEqualTo(200);
    return send("ann-key", "GET", "/task/" + task + "/results").body().get(0).path("id").asText();
  }

  /** The audit records that match, the oldest first. */
  private List<JsonNode> audit(String query) {
    Response found = send("root-key", "GET", "/audit?fresh=true&sort=created_at&" + query);
    assertThat(found.status()).as(found.raw().body()).isEqualTo(200);
    List<JsonNode> hits = new ArrayList<>();
    found.body().path("hits").forEach(hits::add);
    return hits;
  }

  private List<JsonNode> of(String recordId) {
    return audit("record.id=" + recordId);
  }

  @Test
  void commandsOnTaskLeaveRecordsWithStates() {
    String task = task("NOBODY");
    assertThat(send("ann-key", "POST", "/task/" + task + "/cancel").status()).isEqualTo(200);
    assertThat(send("ann-key", "POST", "/task/" + task + "/cancel").status()).isEqualTo(200);
    assertThat(send("ann-key", "POST", "/task/" + task + "/retry").status()).isEqualTo(200);
    assertThat(send("ann-key", "POST", "/task/" + task + "/forceretry").status()).isEqualTo(200);
    assertThat(send("root-key", "POST", "/task/" + task + "/reset").status()).isEqualTo(200);
    Response deleted =
        server.send(
            with("ann-key", server.request("/task/" + task))
                .header("X-Request-Id", "the-deletion")
                .header("X-Forwarded-For", "192.0.2.7")
                .DELETE());
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(send("ann-key", "DELETE", "/task/" + task).status()).isEqualTo(404);

    List<JsonNode> records = of(task);

    assertThat(records)
        .extracting(
            record -> record.path("action").asText(),
            record -> record.path("principal").asText(),
            record -> record.path("outcome").asText())
        .containsExactly(
            tuple("task.cancel", "ann", "done"),
            tuple("task.cancel", "ann", "unchanged"),
            tuple("task.retry", "ann", "done"),
            tuple("task.forceretry", "ann", "done"),
            tuple("task.reset", "root", "done"),
            tuple("task.delete", "ann", "done"));
    assertThat(records).allMatch(r -> r.at("/record/kind").asText().equals("task"));
    assertThat(records.get(0).at("/after/name").asText()).isEqualTo("CANCELLED");
    assertThat(records.get(1).path("after")).isEqualTo(records.get(1).path("before"));
    assertThat(records.get(2).at("/before/name").asText()).isEqualTo("CANCELLED");
    assertThat(records.get(2).at("/after/attempt").asInt()).isEqualTo(2);
    assertThat(records.get(0).path("address").asText()).isEqualTo("127.0.0.1");
    JsonNode deletion = records.get(5);
    assertThat(deletion.path("address").asText()).isEqualTo("192.0.2.7");
    assertThat(deletion.path("request_id").asText()).isEqualTo("the-deletion");
    assertThat(deletion.at("/after/deleted").asBoolean()).isTrue();
    assertThat(audit("request_id=the-deletion")).containsExactly(deletion);
  }

  @Test
  void refusedActionsHaveRecordsAndUnknownRecordsHaveNone() {
    String task = task("NOBODY");
    result(task);
    assertThat(send("ann-key", "POST", "/task/" + task + "/cancel").status()).isEqualTo(409);
    assertThat(of(task))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.path("outcome").asText()).isEqualTo("refused");
              assertThat(record.path("detail").asText()).contains("200 SUCCESS");
              assertThat(record.at("/after/state").asInt()).isEqualTo(200);
            });

    String document = document();
    HttpRequest.Builder conditional =
        with("ann-key", server.request("/document/" + document)).header("If-Match", "\"x\"");
    assertThat(server.send(conditional.DELETE()).status()).isEqualTo(412);
    assertThat(of(document))
        .singleElement()
        .matches(record -> record.path("outcome").asText().equals("refused"));

    String unknown = "0".repeat(40);
    for (String path : List.of("/task/", "/document/", "/result/")) {
      assertThat(send("ann-key", "DELETE", path + unknown).status()).isEqualTo(404);
    }
    assertThat(of(unknown)).isEmpty();
  }

  @Test
  void deletionsOfDocumentsAndResultsLeaveRecords() {
    String task = task("NOBODY");
    String result = result(task);
    String document = send("ann-key", "GET", "/task/" + task).text("document_id");
    if (document.isEmpty()) {
      document = send("ann-key", "GET", "/task/" + task).body().at("/document/id").asText();
    }
    assertThat(send("ann-key", "DELETE", "/result/" + result).status()).isEqualTo(204);
    assertThat(send("ann-key", "DELETE", "/document/" + document).status()).isEqualTo(204);

    assertThat(of(result))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.path("action").asText()).isEqualTo("result.delete");
              assertThat(record.at("/before/task_id").asText()).isEqualTo(task);
              assertThat(record.path("outcome").asText()).isEqualTo("done");
            });
    assertThat(of(document))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.path("action").asText()).isEqualTo("document.delete");
              assertThat(record.at("/before/creator_id").asText()).isEqualTo("archive");
              assertThat(record.at("/after/deleted").asBoolean()).isTrue();
            });
  }

  @Test
  void massResetLeavesOneRecordWithItsNumber() {
    String task = task("MASS");
    assertThat(send("ann-key", "POST", "/task/" + task + "/cancel").status()).isEqualTo(200);

    Response reset = send("ann-key", "POST", "/workers/MASS/reset/499");

    assertThat(reset.status()).as(reset.raw().body()).isEqualTo(200);
    assertThat(of("MASS"))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.path("action").asText()).isEqualTo("workers.mass_reset");
              assertThat(record.at("/record/kind").asText()).isEqualTo("task_key");
              assertThat(record.at("/before/state").asInt()).isEqualTo(499);
              assertThat(record.at("/after/count").asInt())
                  .isEqualTo(reset.body().path("total").asInt());
            });
  }

  @Test
  void actionsOverDaneLeaveTheSameRecords() {
    String task = task("DANE");
    String result = result(task);
    String other = result(task("DANE"));
    assertThat(onPort("ann-key", danePort, "GET", "/task/" + task + "/forceretry").status())
        .isEqualTo(200);
    assertThat(onPort("ann-key", danePort, "GET", "/workers/DANE/reset/404").status())
        .isEqualTo(200);
    assertThat(onPort("ann-key", danePort, "GET", "/result/" + result + "/delete").status())
        .isEqualTo(200);
    assertThat(onPort("ann-key", danePort, "GET", "/task/" + task + "/delete").status())
        .isEqualTo(200);
    assertThat(onPort("worker-key", indexPort, "DELETE", "/dane-index/_doc/" + other).status())
        .isEqualTo(200);
    List<String> documents = List.of(document(), document(), document(), document());
    assertThat(onPort("ann-key", danePort, "DELETE", "/document/" + documents.get(0)).status())
        .isEqualTo(200);
    assertThat(
            onPort("ann-key", danePort, "GET", "/document/" + documents.get(1) + "/delete")
                .status())
        .isEqualTo(200);
    assertThat(
            onPort("ann-key", danePort, "DELETE", "/documents?docs=" + documents.get(2)).status())
        .isEqualTo(200);
    URI batch = URI.create("http://127.0.0.1:" + danePort + "/document/batchdelete");
    assertThat(
            send("ann-key", "POST", batch, "[\"%s\",\"x\"]".formatted(documents.get(3))).status())
        .isEqualTo(200);

    assertThat(of(task))
        .extracting(record -> record.path("action").asText())
        .containsExactly("task.forceretry", "task.delete");
    assertThat(of("DANE")).hasSize(1);
    assertThat(of(result)).hasSize(1);
    assertThat(of(other))
        .singleElement()
        .matches(record -> record.path("principal").asText().equals("gpu-workers"));
    for (String document : documents) {
      assertThat(of(document))
          .singleElement()
          .matches(record -> record.path("outcome").asText().equals("done"))
          .matches(record -> record.path("address").asText().equals("127.0.0.1"));
    }
  }

  @Test
  void actionsAreRefusedWhileTheAuditCannotBeWritten() throws Exception {
    String task = task("NOBODY");
    String result = result(task);
    JsonNode before = withoutChangeTime(send("ann-key", "GET", "/task/" + task).body());
    String document = document();
    block(true);
    try {
      Response refused = send("ann-key", "POST", "/task/" + task + "/forceretry");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.text("detail"))
          .startsWith("nothing was changed, because the audit record cannot be written: ");
      for (String path : List.of("/task/" + task, "/document/" + document, "/result/" + result)) {
        assertThat(send("ann-key", "DELETE", path).status()).as(path).isEqualTo(503);
      }
      assertThat(send("ann-key", "POST", "/workers/NOBODY/reset/200").status()).isEqualTo(503);
      assertThat(send("no-such-key", "GET", "/task/" + task).status()).isEqualTo(401);
    } finally {
      block(false);
    }
    assertThat(withoutChangeTime(send("ann-key", "GET", "/task/" + task).body())).isEqualTo(before);
    assertThat(send("ann-key", "GET", "/document/" + document).status()).isEqualTo(200);
    assertThat(of(task)).isEmpty();
  }

  /** The server may still remove performed effects from the record. */
  private static JsonNode withoutChangeTime(JsonNode task) {
    return ((ObjectNode) task.deepCopy()).without("updated_at");
  }

  private void block(boolean blocked) throws IOException, InterruptedException {
    URI settings =
        BACKENDS.backends().elasticsearch().resolve("/" + BACKENDS.prefix() + "audit/_settings");
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(settings)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"index.blocks.write\": %s}".formatted(blocked)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann-key", "worker-key", "reader-key"})
  void onlyAdministratorsReadTheAudit(String key) {
    assertThat(send(key, "GET", "/audit").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void nobodyChangesTheAudit(String method) {
    assertThat(send("root-key", method, "/audit").status()).isEqualTo(405);
  }

  @Test
  void rejectedCredentialsAreRecordedWithoutThem() {
    HttpRequest.Builder request =
        server.request("/task/x").header("X-Forwarded-For", "198.51.100.9");
    assertThat(server.send(with(WRONG_KEY, request)).status()).isEqualTo(401);
    assertThat(
            server
                .send(
                    with(
                        WRONG_KEY,
                        server.request("/task/x").header("X-Forwarded-For", "198.51.100.9")))
                .status())
        .isEqualTo(401);

    List<JsonNode> records = audit("action=auth.reject&address=198.51.100.9");

    assertThat(records)
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.path("detail").asText())
                  .isEqualTo("the API key is not accepted: it is unknown, expired or revoked");
              assertThat(record.at("/record/id").asText()).isEqualTo("bearer");
              assertThat(record.has("principal")).isFalse();
              assertThat(record.toString()).doesNotContain(WRONG_KEY);
            });
  }

  @Test
  void exportsAuditAsCsv() {
    String task = task("NOBODY");
    assertThat(send("ann-key", "POST", "/task/" + task + "/cancel").status()).isEqualTo(200);
    of(task);
    Response csv =
        server.send(
            with("root-key", server.request("/audit?record.id=" + task))
                .header("Accept", "text/csv"));

    assertThat(csv.raw().body().lines())
        .hasSize(2)
        .first()
        .isEqualTo(
            "id,created_at,principal,group,action,record.kind,record.id,before,after,outcome,detail,address,request_id,count");
  }

  @Test
  void historyNamesPrincipalBesideWorker() {
    String task = task("NOBODY");
    result(task);

    JsonNode history = send("ann-key", "GET", "/task/" + task + "/history").body();

    assertThat(history)
        .extracting(
            move -> move.path("by").asText().split(" ", 2)[0],
            move -> move.path("principal").asText())
        .contains(
            tuple("create", "ann"),
            tuple("claim", "gpu-workers"),
            tuple("complete", "gpu-workers"));
    assertThat(history.toString()).contains("claim asr-3");
  }
}
