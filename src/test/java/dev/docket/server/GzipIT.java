package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.docket.backends.junit.BackendsExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The compression settings of config.yml, over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GzipIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final String DOCUMENT =
      "{\"target\":{\"id\":\"%s\",\"url\":\"file:///x\",\"type\":\"Text\"},"
          + "\"creator\":{\"id\":\"archive\",\"type\":\"Organization\"}}";

  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;

  @BeforeAll
  void startServer() throws Exception {
    Path shipped = Path.of(System.getProperty("docket.root", ".."), "config.yml");
    JsonNode gzip = new YAMLMapper().readTree(shipped.toFile()).at("/server/gzip");
    String config =
        TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "maxBody: 1MiB\nmaxBodies: 1MiB")
            .replace("requestLog:", "gzip: " + gzip + "\n  requestLog:");
    server = new TestServer(config);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(plain);
    }
    return compressed.toByteArray();
  }

  private HttpResponse<byte[]> post(String path, String type, String body) throws Exception {
    return http.send(
        server
            .request(path)
            .header("Content-Type", type)
            .header("Content-Encoding", "gzip")
            .header("Accept-Encoding", "gzip")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(gzip(body.getBytes(StandardCharsets.UTF_8))))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String decompress(HttpResponse<byte[]> response) throws IOException {
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return http.send(
        server.request(path).header("Accept-Encoding", "gzip").GET().build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void limitsUncompressedSizeOfBody() throws Exception {
    String bomb = "[" + " ".repeat(40 << 20) + "]";
    for (String path : new String[] {"/documents", "/tasks"}) {
      assertThat(post(path, "application/json", bomb).statusCode()).isEqualTo(413);
    }
    assertThat(post("/documents", "application/json", "[" + " ".repeat(1 << 19) + "]").statusCode())
        .isEqualTo(200);
  }

  @Test
  void rejectsBodyThatIsNotGzip() throws Exception {
    HttpResponse<String> refused =
        http.send(
            server
                .request("/documents")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString("[]"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(400);
  }

  @Test
  void limitsUncompressedSizeOfLine() throws Exception {
    HttpResponse<byte[]> response =
        post("/documents", "application/x-ndjson", "\"" + "x".repeat(2 << 20) + "\"\n");
    String line = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new ObjectMapper().readTree(line).path("status").asInt()).isEqualTo(413);
  }

  @Test
  void compressesStreamedAndLargeResponses() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      lines.append(DOCUMENT.formatted("gzip " + i)).append('\n');
    }
    String responses = decompress(post("/documents", "application/x-ndjson", lines.toString()));
    assertThat(responses.lines())
        .hasSize(3_000)
        .allSatisfy(line -> assertThat(line).contains("\"status\":201"));

    await()
        .untilAsserted(
            () -> {
              String list = decompress(get("/search/document?creator.id=archive&size=100"));
              assertThat(new ObjectMapper().readTree(list).findValues("id")).hasSizeGreaterThan(99);
            });
  }

  @Test
  void doesNotCompressSmallResponses() throws Exception {
    HttpResponse<byte[]> created =
        post("/document", "application/json", DOCUMENT.formatted("gzip small"));
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("Content-Encoding")).isEmpty();
  }
}
