package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.docket.auth.key.ApiKey;
import dev.docket.backends.junit.BackendsExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final String TOKEN_SECRET = "c2VjcmV0IG9mIHRoZSBpc3N1ZXIgb2YgYWxsIHRva2VucyE=";
  private static final String RUN_TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  private static final String ELASTIC_PASSWORD = "elast1c-pass/word";
  private static final String MANAGEMENT_PASSWORD = "management-p4ssword";

  @TempDir private static Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private ServerProcess server;

  @BeforeAll
  void start() throws IOException {
    server = process();
    server.start();
    await().atMost(TIMEOUT).until(() -> server.respondsWith("/health", 200));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static ServerProcess process() throws IOException {
    URI management = BACKENDS.backends().management().orElseThrow();
    String yaml =
        """
        elasticsearch: {urls: "%s", user: elastic, password: "%s", indexPrefix: "%s", routingShards: 8}
        broker: {uri: "%s", prefix: "%s", management: "http://docket:%s@127.0.0.1:%d"}
        apiKeys: [{name: me, sha256: "%s", roles: [admin]}]
        access:
          tokens:
            - {issuer: scripts, audience: docket, algorithms: [HS256], secret: "%s", defaultRoles: [admin]}
        adminPortKeySha256: "%s"
        server:
          applicationConnectors:
            - {type: http, port: "${DOCKET_PORT}", bindHost: 127.0.0.1, maxRequestHeaderSize: 128KiB}
          adminConnectors: [{type: http, port: "${DOCKET_ADMIN_PORT}", bindHost: 127.0.0.1}]
          requestLog: {appenders: [{type: file, archive: false, currentLogFilename: "%s"}]}
        logging:
          level: TRACE
          appenders:
            - {type: console, discardingThreshold: 0,
               logFormat: "%%d{ISO8601} %%-5p [%%t] %%c - %%m %%kvp%%n%%ex"}
            - {type: file, archive: false, currentLogFilename: "%s", discardingThreshold: 0,
               layout: {type: ecs}}
        """
            .formatted(
                BACKENDS.backends().elasticsearch(),
                ELASTIC_PASSWORD,
                BACKENDS.prefix(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                MANAGEMENT_PASSWORD,
                management.getPort(),
                ApiKey.hash(API_KEY),
                TOKEN_SECRET,
                ApiKey.hash(ADMIN_KEY),
                requests(),
                json());
    Path config = Files.writeString(Files.createTempFile(directory, "config", ".yml"), yaml);
    return new ServerProcess(directory, config, Map.of());
  }

  private static Path json() {
    return directory.resolve("server.json");
  }

  private static Path requests() {
    return directory.resolve("requests.log");
  }

  private List<Path> logs() {
    return List.of(server.log(), json(), requests());
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
    String token = token();
    String managedKey = createKey();
    for (String key :
        List.of(API_KEY, OTHER_KEY, token, managedKey, token.replace("eyJ", "eyJ_"))) {
      send(request("/stats").header("Authorization", "Bearer " + key).GET());
      send(request("/stats").header("Authorization", "bearer " + key).GET());
      send(request("/stats").header("Authorization", "Basic " + basic(key)).GET());
      send(request("/stats").header("Proxy-Authorization", "Bearer " + key).GET());
      send(request("/stats?access_token=" + key).GET());
      raw("GET /stats HTTP/1.1", "X-Long: " + "x".repeat(700), "authorization:Bearer " + key);
    }
    HttpRequest.Builder upload =
        request("/task/t/results/0")
            .header("Authorization", "Bearer " + API_KEY)
            .header("Content-Type", "application/json")
            .header("Docket-Attempt", "1")
            .header("Docket-Run", RUN_TOKEN)
            .header("Docket-Claim", RUN_TOKEN);
    assertThat(send(upload.PUT(HttpRequest.BodyPublishers.ofString("{}")))).isEqualTo(404);
    HttpRequest.Builder ping = HttpRequest.newBuilder(server.adminUri().resolve("/ping"));
    assertThat(send(ping.copy())).isEqualTo(401);
    assertThat(send(ping.copy().header("Authorization", "Bearer " + ADMIN_KEY))).isEqualTo(200);

    StringBuilder all = new StringBuilder();
    for (Path file : logs()) {
      all.append(read(file));
    }
    String log = all.toString();

    assertThat(log.lines().filter(line -> line.contains(" TRACE ")).count()).isPositive();
    for (String library : List.of("org.eclipse.jetty", "org.apache.http", "dev.docket")) {
      assertThat(log.contains(library)).as("lines of " + library).isTrue();
    }
    for (String secret :
        List.of(
            API_KEY,
            OTHER_KEY,
            token,
            token.substring(token.lastIndexOf('.') + 1),
            managedKey,
            managedKey.substring(managedKey.length() - 16),
            basic(managedKey),
            TOKEN_SECRET,
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

  private static String token() throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .issuer("scripts")
                .audience("docket")
                .subject("script")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build());
    token.sign(new MACSigner(Base64.getDecoder().decode(TOKEN_SECRET)));
    return token.serialize();
  }

  /** Creates a managed key, and uses it. */
  private String createKey() throws IOException, InterruptedException, JOSEException {
    HttpResponse<String> response =
        http.send(
            request("/keys")
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString("{\"name\":\"x\",\"roles\":[\"analyst\"]}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    Matcher key = Pattern.compile("dk_[0-9a-f]{16}_[\\w-]{43}").matcher(response.body());
    assertThat(key.find()).as(response.body()).isTrue();
    assertThat(send(request("/stats").header("Authorization", "Bearer " + key.group()).GET()))
        .isEqualTo(200);
    return key.group();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri().resolve(path));
  }

  private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void textFromOutsideForgesNoLineAndIsTruncated() throws Exception {
    String attack = "%0D%0A2026-01-01T00:00:00,000%20ERROR%20forged%1B%5B2J%C2%9B%E2%80%AE";
    String authorization = "Authorization: Bearer " + API_KEY;
    raw("GET /search/task?" + attack + "=1 HTTP/1.1", authorization);
    raw("GET /search/task?" + "q".repeat(56 * 1024) + "=1 HTTP/1.1", authorization);
    raw("GET /stats HTTP/1.1", authorization, "User-Agent: a\u009b2Jb");
    raw("GET /stats HTTP/1.1", authorization, "Referer: " + "r".repeat(56 * 1024));

    for (Path file : logs()) {
      String text = read(file);
      assertThat(text.lines().filter(line -> line.startsWith("2026-01-01"))).isEmpty();
      assertThat(
              text.chars()
                  .filter(
                      c -> (Character.isISOControl(c) && c != '\n' && c != '\t') || c == 0x202e))
          .isEmpty();
      assertThat(text.lines().mapToInt(String::length).max().orElseThrow()).isLessThan(32 * 1024);
    }
    assertThat(server.logText().lines())
        .anyMatch(
            line ->
                line.contains("Rejected a request")
                    && line.contains(
                        "\\r\\n2026-01-01T00:00:00,000 ERROR forged\\u001b[2J\\u009b"));
  }

  @Test
  void doesNotStartWithAdminPortOnAllAddressesWithoutKey() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    try (ServerProcess open =
        new ServerProcess(
            other,
            Path.of(System.getProperty("docket.root")).resolve("config.yml"),
            Map.of("DOCKET_ADMIN_HOST", "0.0.0.0"))) {
      open.start();
      assertThat(open.awaitExit(60)).isEqualTo(1);
      assertThat(open.logText().lines().filter(line -> line.contains("failed to start")))
          .containsExactly(
              "docket-server failed to start: server.adminConnectors.bindHost must be a loopback"
                  + " address because adminPortKeySha256 is not configured (was 0.0.0.0); create a"
                  + " key with the command new-key --admin-port, or bind to 127.0.0.1");
    }
  }
}
