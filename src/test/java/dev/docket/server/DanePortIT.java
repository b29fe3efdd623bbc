package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.server.TestServer.Response;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DANE's HTTP API on a port of its own, with API keys. {@link DaneContractIT} has its answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DanePortIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private final int port = ServerProcess.freePort();
  private TestServer server;

  @BeforeAll
  void startServer() throws Exception {
    server =
        new TestServer(
            TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "dane: {port: {enabled: true, port: %d, bindHost: 127.0.0.1}}\n".formatted(port)
                    + "apiKeys: [{name: me, sha256: %s, roles: [archivist]}]\n"
                        .formatted(ApiKey.hash("key"))));
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private Response get(String path) {
    return server.send(request(path).header("Authorization", "Bearer key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nowhere",
        "/DANE/nowhere",
        "/openapi.json",
        "/docs/",
        "/stats",
        "/explain",
        "/metrics",
        "/healthcheck",
        "/DANE/DANE/task",
        "/dane-index/_search"
      })
  void unknownPathsAndThoseOfOtherApisAre404InFormOfDane(String path) {
    Response reply = get(path);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.raw().headers().firstValue("Content-Type")).contains("application/json");
    assertThat(reply.text("message"))
        .startsWith("The requested URL was not found on the server. If you entered");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/task/", "/DANE/task/", "/DANE//task//1"})
  void missingKeyIs401InFormOfDane(String path) {
    Response reply = server.send(request(path));
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.text("message")).contains("API key");
    assertThat(reply.raw().headers().allValues("WWW-Authenticate"))
        .containsExactlyInAnyOrder("Bearer realm=\"docket\"", "Basic realm=\"docket\"");
    assertThat(get(path.replace("1", "")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"'',/", "/DANE,/DANE"})
  void descriptionHasAddressOfRequestAndNeedsNoKey(String base, String basePath) {
    JsonNode swagger = server.send(request(base + "/swagger.json")).body();
    assertThat(swagger.path("basePath").asText()).isEqualTo(basePath);
    assertThat(swagger.path("paths").has("/task/")).isTrue();
    String page = server.send(request(base + "/")).raw().body();
    assertThat(page)
        .contains("<td>" + base + "/task/</td>")
        .contains("href=\"" + base + "/swagger.json\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/ready"})
  void probesNeedNoKey(String path) {
    assertThat(server.send(request(path)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/task/", "/DANE/task/"})
  void headIsRefused(String path) {
    assertThat(
            server.send(request(path).method("HEAD", HttpRequest.BodyPublishers.noBody())).status())
        .isEqualTo(405);
  }
}
