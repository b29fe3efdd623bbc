package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.docket.auth.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log files of a server with keys, in which every library logs at level TRACE, after requests
 * of all kinds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LoggedSecretsIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String API_KEY = "Ap1-Key_of_a_worker.0123456789abcdef";
  private static final String ADMIN_KEY = "Adm1n-Key_of_Prometheus.0123456789ab";
  private static final String OTHER_KEY = "0ther-Key_that_is_unknown.0123456789";
  private static final String RUN_TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  private static final String ELASTIC_PASSWORD = "elast1c-pass/word";
  private static final String MANAGEMENT_PASSWORD = "management-p4ssword";

  @TempDir private static Path directory;
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
                    apiKeys: [{name: me, sha256: "%s", roles: [admin]}]
                    adminPortKeySha256: "%s"
                    """
                        .formatted(ApiKey.hash(API_KEY), ApiKey.hash(ADMIN_KEY)))
                .replace(
                    "elasticsearch: {",
                    "elasticsearch: {user: elastic, password: \"" + ELASTIC_PASSWORD + "\", ")
                .replace("broker: {", "broker: {management: \"" + management() + "\", ")
                .replace("requestLog: {appenders: []}", requestLog())
                .replace("logging: {level: INFO}", logging()));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static String management() {
    URI address = BACKENDS.backends().management().orElseThrow();
    return "http://docket:" + MANAGEMENT_PASSWORD + "@127.0.0.1:" + address.getPort();
  }

  private static String requestLog() {
    return "requestLog: {appenders: [{type: file, archive: false, currentLogFilename: \"%s\"}]}"
        .formatted(requests());
  }

  private static String logging() {
    // The embedded broker is no part of the server.
    return """
        logging:
          level: TRACE
          loggers: {org.apache.qpid: "OFF", qpid: "OFF", org.apache.derby: "OFF"}
          appenders:
            - {type: file, archive: false, currentLogFilename: "%s", discardingThreshold: 0,
               logFormat: "%%d{ISO8601} %%-5p [%%t] %%c - %%m %%kvp%%n%%ex"}
        """
        .formatted(log());
  }

  private static Path log() {
    return directory.resolve("server.log");
  }

  private static Path requests() {
    return directory.resolve("requests.log");
  }

  /** Reads what a file contains after all lines that have been logged so far. */
  private String read(Path file) throws IOException {
    String last = "last-" + UUID.randomUUID();
    raw("GET /task?last=" + last + " HTTP/1.1");
    await().atMost(TIMEOUT).until(() -> Files.readString(file).contains(last));
    return Files.readString(file);
  }

  /** Sends a request that an HTTP client would refuse to send. Returns the response. */
  private String raw(String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      String request = String.join("\r\n", lines) + "\r\nHost: h\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      try (InputStream response = socket.getInputStream()) {
        return new String(response.readAllBytes(), StandardCharsets.ISO_8859_1);
      }
    }
  }

  private static String basic(String key) {
    byte[] user = ("someone:" + key).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(user);
  }

  @Test
  void noSecretIsLoggedAtAnyLevel() throws Exception {
    for (String key : List.of(API_KEY, OTHER_KEY)) {
      server.send(server.request("/stats").header("Authorization", "Bearer " + key).GET());
      server.send(server.request("/stats").header("Authorization", "bearer " + key).GET());
      server.send(server.request("/stats").header("Authorization", "Basic " + basic(key)).GET());
      server.send(server.request("/stats").header("Proxy-Authorization", "Bearer " + key).GET());
      server.send(server.request("/stats?access_token=" + key).GET());
      raw("GET /stats HTTP/1.1", "X-Long: " + "x".repeat(700), "authorization:Bearer " + key);
    }
    HttpRequest.Builder upload =
        server
            .request("/task/t/results/0")
            .header("Authorization", "Bearer " + API_KEY)
            .header("Content-Type", "application/json")
            .header("Docket-Attempt", "1")
            .header("Docket-Run", RUN_TOKEN)
            .header("Docket-Claim", RUN_TOKEN);
    assertThat(server.send(upload.PUT(HttpRequest.BodyPublishers.ofString("{}"))).status())
        .isEqualTo(404);
    assertThat(admin(null).status()).isEqualTo(401);
    assertThat(admin(ADMIN_KEY).status()).isEqualTo(200);

    String log = read(log()) + read(requests());

    assertThat(log.lines().filter(line -> line.contains(" TRACE ")).count()).isPositive();
    for (String library : List.of("org.eclipse.jetty", "org.apache.http", "dev.docket")) {
      assertThat(log.contains(library)).as("lines of " + library).isTrue();
    }
    for (String secret :
        List.of(
            API_KEY,
            OTHER_KEY,
            ADMIN_KEY,
            RUN_TOKEN,
            ELASTIC_PASSWORD,
            MANAGEMENT_PASSWORD,
            // Jetty shows the last characters of a buffer
            API_KEY.substring(API_KEY.length() - 16),
            basic(API_KEY),
            basic(OTHER_KEY),
            Base64.getEncoder()
                .encodeToString(("elastic:" + ELASTIC_PASSWORD).getBytes(StandardCharsets.UTF_8)),
            Base64.getEncoder()
                .encodeToString(
                    ("docket:" + MANAGEMENT_PASSWORD).getBytes(StandardCharsets.UTF_8)))) {
      assertThat(log.lines().filter(line -> line.contains(secret)).limit(3))
          .as("lines with a secret")
          .isEmpty();
    }
  }

  private TestServer.Response admin(String key) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.admin().resolve("/ping"));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    return server.send(request.GET());
  }

  @Test
  void textFromOutsideForgesNoLineAndIsTruncated() throws Exception {
    String attack = "%0D%0A2026-01-01T00:00:00,000%20ERROR%20forged%1B%5B2J%C2%9B%E2%80%AE";
    String authorization = "Authorization: Bearer " + API_KEY;
    raw("GET /search/task?" + attack + "=1 HTTP/1.1", authorization);
    raw("GET /search/task?" + "q".repeat(56 * 1024) + "=1 HTTP/1.1", authorization);
    raw("GET /stats HTTP/1.1", authorization, "User-Agent: a\u009b2Jb");
    raw("GET /stats HTTP/1.1", authorization, "Referer: " + "r".repeat(56 * 1024));

    for (Path file : List.of(log(), requests())) {
      String text = read(file);
      assertThat(text.lines().filter(line -> line.startsWith("2026-01-01"))).isEmpty();
      assertThat(
              text.chars()
                  .filter(
                      c -> (Character.isISOControl(c) && c != '\n' && c != '\t') || c == 0x202e))
          .isEmpty();
      assertThat(text.lines().mapToInt(String::length).max().orElseThrow()).isLessThan(32 * 1024);
    }
    assertThat(Files.readString(log()).lines())
        .anyMatch(
            line ->
                line.contains("Rejected a request")
                    && line.contains(
                        "\\r\\n2026-01-01T00:00:00,000 ERROR forged\\u001b[2J\\u009b"));
  }
}
