package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.docket.auth.key.ApiKey;
import dev.docket.auth.token.KeySetServer;
import dev.docket.backends.junit.BackendsExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys that are made and revoked on one server, and used on another; limits of keys; tokens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ManagedKeysIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final String ADMIN = "the-configured-key-of-an-administrator";

  private KeySetServer issuer;
  private RSAKey issuerKey;
  private TwoServers servers;
  private TestServer serverA;
  private TestServer serverB;

  @BeforeAll
  void start() throws Exception {
    issuer = new KeySetServer();
    issuer.serve(503, "");
    issuerKey = new RSAKeyGenerator(2048).keyID("a").generate();
    servers =
        TwoServers.start(
            TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                """
                apiKeys: [{name: root, sha256: %s, roles: [admin]}]
                access:
                  tokens:
                    - {issuer: id, audience: docket, algorithms: [RS256], jwksUrl: "%s",
                       defaultRoles: [analyst]}
                """
                    .formatted(ApiKey.hash(ADMIN), issuer.uri())));
    serverA = servers.a();
    serverB = servers.b();
  }

  @AfterAll
  void stop() {
    if (servers != null) {
      servers.close();
    }
    if (issuer != null) {
      issuer.close();
    }
  }

  private static TestServer.Response get(TestServer server, String key, String path) {
    return server.send(server.request(path).header("Authorization", "Bearer " + key).GET());
  }

  private static TestServer.Response post(TestServer server, String key, String path, String body) {
    return server.send(
        server
            .request(path)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static TestServer.Response delete(TestServer server, String key, String path) {
    return server.send(server.request(path).header("Authorization", "Bearer " + key).DELETE());
  }

  private TestServer.Response create(String fields) {
    return post(serverA, ADMIN, "/keys", "{\"name\":\"someone\"," + fields + "}");
  }

  private static void awaitStatus(TestServer server, String key, int status) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(server, key, "/stats").status() == status);
  }

  @Test
  void keyIsMadeAndRevokedOnAllServers() {
    TestServer.Response created = create("\"roles\":[\"analyst\"]");
    String key = created.text("key");
    String id = created.text("id");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.raw().headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(created.raw().headers().firstValue("Location").orElseThrow())
        .endsWith("/keys/" + id);
    assertThat(get(serverA, key, "/stats").status()).isEqualTo(200);
    awaitStatus(serverB, key, 200);
    assertThat(get(serverB, key, "/keys").status()).isEqualTo(403);
    assertThat(get(serverB, ADMIN, "/keys/" + id).body().has("key")).isFalse();

    assertThat(delete(serverB, ADMIN, "/keys/" + id).status()).isEqualTo(204);
    assertThat(get(serverB, key, "/stats").status()).isEqualTo(401);
    awaitStatus(serverA, key, 401);
    assertThat(delete(serverA, ADMIN, "/keys/" + id).status()).isEqualTo(204);
    JsonNode record = get(serverA, ADMIN, "/keys/" + id).body();
    assertThat(record.path("state").asText()).isEqualTo("revoked");
    assertThat(record.path("revoked_by").asText()).isEqualTo("root");
  }

  @Test
  void unknownRevokedAndExpiredKeysGetTheSameResponse() {
    String revoked = create("\"roles\":[\"analyst\"]").text("key");
    String id = revoked.substring(3, 19);
    delete(serverA, ADMIN, "/keys/" + id);
    String expires = Instant.now().plusSeconds(3).toString();
    String expired =
        create("\"roles\":[\"analyst\"],\"expires_at\":\"%s\"".formatted(expires)).text("key");
    assertThat(get(serverA, expired, "/stats").status()).isEqualTo(200);
    awaitStatus(serverA, expired, 401);
    awaitStatus(serverB, expired, 401);

    for (String key : List.of("unknown", revoked, expired)) {
      TestServer.Response response = get(serverA, key, "/stats");
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.text("detail"))
          .isEqualTo("the API key is not accepted: it is unknown, expired or revoked");
      assertThat(response.raw().headers().firstValue("WWW-Authenticate").orElseThrow())
          .startsWith("Bearer realm=\"docket\", error=\"invalid_token\"");
    }
  }

  @Test
  void listsConfiguredKeyWhichIsReadOnly() {
    create("\"roles\":[\"worker\"],\"group\":\"radio\",\"task_keys\":[\"ASR\"]");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(serverB, ADMIN, "/keys?limit=1000").body().path("keys").size() > 1);
    JsonNode keys = get(serverB, ADMIN, "/keys?limit=1000").body().path("keys");
    JsonNode configured = keys.get(0);

    assertThat(configured.path("source").asText()).isEqualTo("configured");
    assertThat(configured.path("name").asText()).isEqualTo("root");
    assertThat(keys.toString()).doesNotContain(ApiKey.hash(ADMIN), "salt", "hash");
    TestServer.Response refused = delete(serverB, ADMIN, "/keys/" + configured.path("id").asText());
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text("detail")).contains("configuration");
    assertThat(delete(serverB, ADMIN, "/keys/0123456789abcdef").status()).isEqualTo(404);
    assertThat(get(serverB, ADMIN, "/keys?limit=0").status()).isEqualTo(400);
  }

  @Test
  void rejectsInvalidRequestsForKeys() {
    for (String fields :
        List.of(
            "\"roles\":[]",
            "\"roles\":[\"boss\"]",
            "\"roles\":[\"worker\"],\"task_keys\":[]",
            "\"roles\":[\"worker\"],\"task_keys\":[\"asr\"]",
            "\"roles\":[\"worker\"],\"group\":\"a b\"",
            "\"roles\":[\"worker\"],\"expires_at\":\"2020-01-01T00:00:00Z\"")) {
      TestServer.Response response = create(fields);
      assertThat(response.status()).as(fields).isEqualTo(400);
      assertThat(response.body().path("errors")).as(fields).hasSize(1);
    }
  }

  @Test
  void limitedWorkerWorksForItsTaskKeysOnly() {
    String limited = create("\"roles\":[\"worker\"],\"task_keys\":[\"MINE\"]").text("key");
    String document = document();
    String mine = task(document, "MINE");
    String other = task(document, "OTHER");

    TestServer.Response poll =
        post(
            serverA,
            limited,
            "/worker/poll",
            "{\"poll_id\":\"p\",\"keys\":[\"MINE\",\"OTHER\"],\"worker\":\"w\",\"max\":1,\"wait_s\":0}");
    assertThat(poll.status()).isEqualTo(403);
    assertThat(poll.text("detail"))
        .isEqualTo("this caller may not use the task key OTHER; allowed are MINE");

    assertThat(post(serverA, limited, "/task/" + other + "/claim", "{\"worker\":\"w\"}").status())
        .isEqualTo(403);
    TestServer.Response claim =
        post(serverA, limited, "/task/" + mine + "/claim", "{\"worker\":\"w\"}");
    assertThat(claim.status()).isEqualTo(200);
    JsonNode claimed = claim.body();
    JsonNode foreign =
        post(serverA, ADMIN, "/task/" + other + "/claim", "{\"worker\":\"v\"}").body();

    JsonNode outcomes =
        post(
                serverA,
                limited,
                "/worker/report",
                "[%s,%s,%s,%s,%s,%s]"
                    .formatted(
                        report("progress", "w", mine, claimed, ",\"progress\":5"),
                        report("progress", "v", other, foreign, ",\"progress\":5"),
                        report("complete", "v", other, foreign, ",\"state\":500"),
                        hello("MINE"),
                        hello("OTHER"),
                        report(
                            "complete",
                            "w",
                            mine,
                            claimed,
                            ",\"state\":412,\"dependencies\":[{\"key\":\"OTHER\"}]")))
            .body();
    assertThat(statuses(outcomes)).containsExactly(200, 403, 403, 200, 403, 403);
    assertThat(outcomes.get(1).path("why").asText())
        .isEqualTo("this caller may not use the task key OTHER; allowed are MINE");

    assertThat(
            post(
                    serverA,
                    limited,
                    "/task/" + other + "/complete",
                    fields("v", foreign) + ",\"state\":500}")
                .status())
        .isEqualTo(403);
    assertThat(upload(limited, other, foreign).status()).isEqualTo(403);
    assertThat(upload(limited, mine, claimed).status()).isEqualTo(200);
    JsonNode unchanged = get(serverA, ADMIN, "/task/" + other).body();
    assertThat(unchanged.path("state").asInt()).isEqualTo(102);
    assertThat(unchanged.path("progress").asInt()).isZero();
    assertThat(
            post(
                    serverA,
                    limited,
                    "/task/" + mine + "/complete",
                    fields("w", claimed) + ",\"state\":200}")
                .status())
        .isEqualTo(200);
  }

  private static List<Integer> statuses(JsonNode outcomes) {
    return StreamSupport.stream(outcomes.spliterator(), false)
        .map(outcome -> outcome.path("status").asInt())
        .toList();
  }

  private static String fields(String worker, JsonNode claimed) {
    return "{\"worker\":\"%s\",\"attempt\":%d,\"run\":\"%s\",\"claim_id\":\"%s\""
        .formatted(
            worker,
            claimed.path("attempt").asInt(),
            claimed.path("run").asText(),
            claimed.path("claim_id").asText());
  }

  private static String report(
      String type, String worker, String task, JsonNode claimed, String more) {
    return "%s,\"type\":\"%s\",\"task\":\"%s\"%s}"
        .formatted(fields(worker, claimed), type, task, more);
  }

  private static String hello(String key) {
    return "{\"type\":\"hello\",\"worker\":\"w\",\"keys\":[\"%s\"],\"types\":[\"Text\"],\"concurrency\":1,\"running\":0}"
        .formatted(key);
  }

  private TestServer.Response upload(String key, String task, JsonNode claimed) {
    return serverA.send(
        serverA
            .request("/task/" + task + "/results/0")
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("Docket-Attempt", claimed.path("attempt").asText())
            .header("Docket-Run", claimed.path("run").asText())
            .header("Docket-Claim", claimed.path("claim_id").asText())
            .PUT(BodyPublishers.ofString("{}")));
  }

  private String document() {
    return post(
            serverA,
            ADMIN,
            "/document",
            """
            {"target":{"id":"limited","url":"file:///x","type":"Text"},
             "creator":{"id":"archive","type":"Organization"}}
            """)
        .text("id");
  }

  private String task(String document, String key) {
    return post(
            serverA,
            ADMIN,
            "/task",
            "{\"document_id\":\"" + document + "\",\"key\":\"" + key + "\"}")
        .text("id");
  }

  @Test
  void tokensGet503UntilTheKeysOfTheIssuerAreThere() throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("a").build(),
            new JWTClaimsSet.Builder()
                .issuer("id")
                .audience("docket")
                .subject("Зоя")
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .build());
    token.sign(new RSASSASigner(issuerKey));
    String text = token.serialize();

    TestServer.Response away = get(serverA, text, "/stats");
    assertThat(away.status()).isEqualTo(503);
    assertThat(away.raw().headers().firstValue("Retry-After")).isPresent();

    issuer.serve(issuerKey.toPublicJWK());
    awaitStatus(serverA, text, 200);
    awaitStatus(serverB, text, 200);
    assertThat(get(serverA, text, "/keys").status()).isEqualTo(403);
    TestServer.Response forged = get(serverA, text.substring(0, text.length() - 8), "/stats");
    assertThat(forged.status()).isEqualTo(401);
    assertThat(forged.text("detail")).isEqualTo("the token is not accepted");
  }
}
