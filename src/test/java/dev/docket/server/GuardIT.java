package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.guard.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard in front of all ports of the server, with and without API keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GuardIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEYS =
      "apiKeys: [{name: worker, sha256: "
          + ApiKey.hash("worker-key")
          + ", roles: [worker]}, {name: admin, sha256: "
          + ApiKey.hash("admin-key")
          + ", roles: [admin]}]\n";

  private final int storePort = ServerProcess.freePort();
  private TestServer withKeys;
  private TestServer withoutKeys;

  @BeforeAll
  void startServers() throws Exception {
    withKeys = start(KEYS + "dane: {store: {enabled: true, port: " + storePort + "}}");
    withoutKeys = start("");
  }

  private static TestServer start(String settings) throws Exception {
    return new TestServer(
        TestServer.config(
            BACKENDS.backends().elasticsearch(),
            BACKENDS.backends().amqp(),
            BACKENDS.prefix(),
            settings));
  }

  @AfterAll
  void stopServers() {
    if (withKeys != null) {
      withKeys.close();
    }
    if (withoutKeys != null) {
      withoutKeys.close();
    }
  }

  private URI store() {
    return URI.create("http://127.0.0.1:" + storePort);
  }

  private static String answer(URI port, String request) throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client.send(request).response();
    }
  }

  private static String get(String path, String headers) {
    return "GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n" + headers + "\n";
  }

  private static String halfSent(String path) {
    return """
        POST %s HTTP/1.1
        Host: localhost
        Authorization: Bearer worker-key
        Content-Type: application/json
        Content-Length: 1000000

        {"items": ["""
        .formatted(path);
  }

  @Test
  void halfSentBodiesOfOneKeyLeaveOtherKeysAndProbesUnaffected() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 1_000; i++) {
        slow.add(new RawClient(withKeys.uri()).send(halfSent("/worker/report")));
      }

      assertThat(answer(withKeys.uri(), get("/health", ""))).startsWith("HTTP/1.1 200");
      assertThat(answer(withKeys.uri(), get("/task/1", "Authorization: Bearer admin-key\n")))
          .startsWith("HTTP/1.1 404");
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void halfSentBodiesOfOneKeyLeaveTheDaneStoreToOthers() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        slow.add(new RawClient(store()).send(halfSent("/dane-index/_search")));
      }

      assertThat(answer(store(), get("/", "Authorization: Bearer admin-key\n")))
          .startsWith("HTTP/1.1 200");
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void scrollsOfOneKeyLeaveScrollsToOthers() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      sent.add(
          client.sendAsync(
              storeRequest("worker-key", "/_search?scroll=1d&size=1").GET().build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    List<String> open = new ArrayList<>();
    List<HttpResponse<String>> rejected = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> each : sent) {
      HttpResponse<String> answer = each.get(2, TimeUnit.MINUTES);
      if (answer.statusCode() == 200) {
        open.add(JSON.readTree(answer.body()).path("_scroll_id").asText());
      } else {
        rejected.add(answer);
      }
    }

    assertThat(open).hasSize(375);
    for (HttpResponse<String> answer : rejected) {
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      JsonNode body = JSON.readTree(answer.body());
      assertThat(body.path("status").asInt()).isEqualTo(429);
      assertThat(body.at("/error/root_cause/0/type").asText())
          .isEqualTo("too_many_scroll_contexts_exception");
      assertThat(body.at("/error/reason").asText()).contains("worker may have at most 375 of");
    }
    assertThat(answer(store(), get("/_search?scroll=1m", "Authorization: Bearer admin-key\n")))
        .startsWith("HTTP/1.1 200");

    HttpRequest end =
        storeRequest("worker-key", "/_search/scroll")
            .method(
                "DELETE",
                HttpRequest.BodyPublishers.ofString(
                    JSON.writeValueAsString(Map.of("scroll_id", open))))
            .build();
    assertThat(client.send(end, HttpResponse.BodyHandlers.ofString()).body())
        .contains("\"num_freed\":375");
    assertThat(answer(store(), get("/_search?scroll=1m", "Authorization: Bearer worker-key\n")))
        .startsWith("HTTP/1.1 200");
  }

  private HttpRequest.Builder storeRequest(String key, String path) {
    return HttpRequest.newBuilder(store().resolve(path)).header("Authorization", "Bearer " + key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/health", "/docs/", "/openapi.json", "/nowhere", "/task/1", "/DANE/swagger.json"})
  void everyAnswerHasSecurityHeaders(String path) throws Exception {
    assertSecurityHeaders(answer(withKeys.uri(), get(path, "Authorization: Bearer admin-key\n")));
    assertSecurityHeaders(answer(withKeys.uri(), get(path, "")));
  }

  @Test
  void otherPortsHaveSecurityHeaders() throws Exception {
    assertSecurityHeaders(answer(withKeys.admin(), get("/metrics", "")));
    assertSecurityHeaders(answer(withKeys.admin(), get("/nowhere", "")));
    assertSecurityHeaders(answer(store(), get("/", "Authorization: Bearer admin-key\n")));
    assertSecurityHeaders(answer(store(), get("/", "")));
  }

  private static void assertSecurityHeaders(String answer) {
    assertThat(answer.split("\r\n\r\n", 2)[0])
        .containsOnlyOnce("X-Content-Type-Options: nosniff")
        .containsOnlyOnce("Referrer-Policy: no-referrer")
        .containsOnlyOnce("Cache-Control: ")
        .doesNotContain("Server:");
  }

  @ParameterizedTest
  @CsvSource({
    "/%ZZ, 400",
    "/task/%ff, 400",
    "/task/%00, 400",
    "//task, 404",
    "/task//1, 404",
    "/a/../.., 400"
  })
  void malformedPathsGetProblemDocuments(String path, int status) throws Exception {
    for (URI port : List.of(withKeys.uri(), withoutKeys.uri())) {
      assertThat(answer(port, get(path, "Authorization: Bearer admin-key\n")))
          .startsWith("HTTP/1.1 " + status)
          .contains("Content-Type: application/problem+json")
          .doesNotContainIgnoringCase("jetty");
    }
    assertThat(answer(withKeys.admin(), get("/%ZZ", "")))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /task HTTP/1.1|Content-Type: a b|400",
        "POST /DANE/task/ HTTP/1.1|Content-Type: /|400",
        "POST /task HTTP/1.1|Content-Type: a/b/c|400",
        "POST /task HTTP/1.1|Content-Type: ;|400",
        "POST /task HTTP/1.1|Content-Type: text/plain;=|400",
        "PUT /task/1/results/0 HTTP/1.1|Content-Type: a/b;c=\"|400",
        "WOW /task HTTP/1.1|X: y|405",
        "POST /task HTTP/1.1|Expect: wow|417",
        "GET /task/1 HTTP/1.1|Host: a b:c|400"
      })
  void requestsThatNoResourceSeesGetProblemDocuments(String line, String header, int status)
      throws Exception {
    String host = header.startsWith("Host") ? "" : "Host: localhost\n";
    String request =
        line
            + "\n"
            + host
            + header
            + "\nAuthorization: Bearer admin-key\nConnection: close\nContent-Length: 2\n\n{}";

    for (URI port : List.of(withKeys.uri(), store())) {
      assertThat(answer(port, request))
          .matches("(?s)HTTP/1.1 (" + status + "|400) .*")
          .contains("json")
          .doesNotContainIgnoringCase("<html")
          .doesNotContainIgnoringCase("jetty");
    }
  }

  @Test
  void danePathsMayRepeatSlashes() throws Exception {
    assertThat(
            answer(
                withKeys.uri(),
                get("/DANE/document//1/tasks", "Authorization: Bearer admin-key\n")))
        .contains("there is no document 1");
  }

  @Test
  void manyHeadersAreRejectedOnAllPorts() throws Exception {
    String many = "a:b\n".repeat(1_000);

    assertThat(answer(withKeys.uri(), get("/task/1", many))).startsWith("HTTP/1.1 431");
    assertThat(answer(withKeys.admin(), get("/metrics", many))).startsWith("HTTP/1.1 431");
    assertThat(answer(store(), get("/", many))).startsWith("HTTP/1.1 431");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Authorization: Bearer admin-key\n"})
  void keysInTheUrlAreRejected(String header) throws Exception {
    assertThat(answer(withKeys.uri(), get("/workers?access_token=admin-key", header)))
        .startsWith("HTTP/1.1 401")
        .contains("WWW-Authenticate: Bearer")
        .contains("not accepted in the URL");
    assertThat(answer(store(), get("/?access_token=admin-key", header))).startsWith("HTTP/1.1 401");
  }

  @Test
  void browsersAreAskedToLogInToTheStartPage() throws Exception {
    String basic = "Authorization: Basic YTphZG1pbi1rZXk=\n";

    assertThat(answer(withKeys.uri(), get("/", "Accept: text/html\n")))
        .startsWith("HTTP/1.1 401")
        .contains("WWW-Authenticate: Basic", "Content-Security-Policy: default-src 'none'")
        .contains("<h1>Docket</h1>");
    assertThat(answer(withKeys.uri(), get("/", "Accept: text/html\n" + basic)))
        .startsWith("HTTP/1.1 200")
        .contains("Cache-Control: no-store", "<h1>Docket</h1>");
  }

  @Test
  void withoutKeysOtherHostNamesAreRejectedOnAllPorts() throws Exception {
    String rebound = get("/workers", "").replace("localhost", "evil.example");

    assertThat(answer(withoutKeys.uri(), rebound)).startsWith("HTTP/1.1 403");
    assertThat(answer(withoutKeys.admin(), rebound)).startsWith("HTTP/1.1 403");
    assertThat(answer(withKeys.admin(), rebound)).startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/DANE/task/1/retry", "/DANE/task/1/delete", "/DANE/document/1/delete",
        "/DANE/result/1/delete", "/DANE/workers/ASR/reset", "/DANE/workers/ASR/reset/500"
      })
  void pagesOfOtherSitesCannotChangeAnythingWithAnImage(String path) throws Exception {
    String key = "Authorization: Bearer admin-key\n";
    for (URI port : List.of(withKeys.uri(), withoutKeys.uri())) {
      assertThat(answer(port, get(path, key + "Sec-Fetch-Site: cross-site\n")))
          .startsWith("HTTP/1.1 403");
      assertThat(answer(port, get(path, key + "Sec-Fetch-Site: none\n")))
          .doesNotStartWith("HTTP/1.1 403");
    }
  }

  @Test
  void formsOfOtherPagesAreRejected() throws Exception {
    String form =
        """
        POST /task HTTP/1.1
        Host: localhost
        Origin: http://localhost:8080
        Content-Type: text/plain
        Content-Length: 2
        Connection: close

        {}""";

    assertThat(answer(withoutKeys.uri(), form)).startsWith("HTTP/1.1 403");
    assertThat(answer(withoutKeys.uri(), form.replace("text/plain", "application/json")))
        .startsWith("HTTP/1.1 400");
  }
}
