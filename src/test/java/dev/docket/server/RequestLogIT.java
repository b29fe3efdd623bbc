package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The request log of all ports, and the ids of requests. */
final class RequestLogIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();

  private Path file() {
    return directory.resolve("requests.json");
  }

  /** The line of a request. */
  private JsonNode line(String id) {
    AtomicReference<JsonNode> found = new AtomicReference<>();
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              Files.readAllLines(file()).stream()
                  .map(RequestLogIT::parse)
                  .filter(line -> line.path("request").asText().equals(id))
                  .forEach(found::set);
              return found.get() != null;
            });
    return found.get();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String id)
      throws IOException, InterruptedException {
    return http.send(
        request.header("X-Request-Id", id).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void logsWhoWasRejectedAndWhoDeleted() throws Exception {
    int storePort = ServerProcess.freePort();
    String yaml =
        TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "apiKeys: [{name: ann, sha256: "
                    + ApiKey.hash("ann-key")
                    + ", roles: [admin]}]\n"
                    + "dane: {store: {enabled: true, port: "
                    + storePort
                    + "}}")
            .replace(
                "requestLog: {appenders: []}",
                "requestLog: {type: docket, appenders: [{type: file, archive: false,"
                    + " currentLogFilename: \""
                    + file()
                    + "\"}]}");
    try (TestServer server = new TestServer(yaml)) {
      HttpResponse<String> unknown = send(server.request("/stats"), "no-key");
      assertThat(unknown.statusCode()).isEqualTo(401);
      assertThat(unknown.headers().firstValue("X-Request-Id")).contains("no-key");
      assertThat(line("no-key").path("status").asInt()).isEqualTo(401);
      assertThat(line("no-key").path("principal").asText()).isEqualTo("(no key)");
      assertThat(line("no-key").path("error").asText())
          .contains("an API key or a token is required");

      send(
          server.request("/search/task?nonsense=1").header("Authorization", "Bearer ann-key"),
          "invalid");
      assertThat(line("invalid").path("path").asText()).isEqualTo("/search/task");
      assertThat(line("invalid").path("principal").asText()).isEqualTo("ann");
      assertThat(line("invalid").path("error").asText()).contains("nonsense");

      send(
          server.request("/document/x").header("Authorization", "Bearer ann-key").DELETE(),
          "delete");
      assertThat(line("delete").path("method").asText()).isEqualTo("DELETE");

      send(
          server
              .request("/stats")
              .header("Sec-Fetch-Site", "cross-site")
              .POST(HttpRequest.BodyPublishers.ofString("x")),
          "guard");
      assertThat(line("guard").path("status").asInt()).isBetween(400, 499);

      HttpResponse<String> generated = send(server.request("/stats"), "x".repeat(65));
      String id = generated.headers().firstValue("X-Request-Id").orElseThrow();
      assertThat(id).hasSize(36);
      assertThat(line(id).path("status").asInt()).isEqualTo(401);

      URI store = URI.create("http://127.0.0.1:" + storePort + "/dane-index/_search");
      HttpResponse<String> dane = send(HttpRequest.newBuilder(store), "dane");
      assertThat(dane.headers().firstValue("X-Request-Id")).contains("dane");
      assertThat(line("dane").path("status").asInt()).isEqualTo(401);

      assertThat(Files.readString(file())).doesNotContain("ann-key");
    }
  }
}
