package dev.docket.server;

import static ch.qos.logback.classic.Level.INFO;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.docket.backends.junit.BackendsExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Requests that no valid client sends, and clients that go away, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadClientIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
  private static final String DOCUMENT =
      "{\"target\":{\"id\":\"%s\",\"url\":\"http://x.example/a\",\"type\":\"Text\"},"
          + "\"creator\":{\"id\":\"archive\",\"type\":\"Organization\"}}";

  private DaneTestServer dane;

  @BeforeAll
  void startServer() throws Exception {
    dane = new DaneTestServer(BACKENDS);
  }

  @AfterAll
  void stopServer() {
    if (dane != null) {
      dane.close();
    }
  }

  /** A request that reads a body. */
  private record Call(boolean store, String method, String path, String headers) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  static Stream<Call> callsWithBodies() {
    Stream<Call> own =
        Stream.of(
                "/document",
                "/documents",
                "/task",
                "/tasks",
                "/worker/report",
                "/worker/poll",
                "/task/x/claim",
                "/task/x/progress",
                "/task/x/complete",
                "/DANE/document/",
                "/DANE/documents/",
                "/DANE/task/",
                "/DANE/document/batchdelete")
            .map(path -> new Call(false, "POST", path, JSON));
    Stream<Call> store =
        Stream.of("/dane-index/_search", "/_search/scroll", "/dane-index/_doc")
            .map(path -> new Call(true, "POST", path, JSON));
    Call upload =
        new Call(
            false,
            "PUT",
            "/task/" + "0".repeat(32) + "/results/0",
            JSON + "Docket-Attempt: 1\r\nDocket-Run: a\r\nDocket-Claim: a\r\n");
    return Stream.of(own, store, Stream.of(upload)).flatMap(calls -> calls);
  }

  private String send(Call call, String headers, String body) throws IOException {
    int port = call.store() ? dane.store().getPort() : dane.server().uri().getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(head(call, call.headers() + headers));
      socket.getOutputStream().write(body.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      return response(socket);
    }
  }

  private static byte[] head(Call call, String headers) {
    return (call.method()
            + " "
            + call.path()
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + headers
            + "\r\n")
        .getBytes(ISO_8859_1);
  }

  /** What the server sent until it closed or reset the connection. */
  private static String response(Socket socket) throws IOException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(received);
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
    return received.toString(UTF_8);
  }

  private static String length(String body) {
    return "Content-Length: " + body.length() + "\r\nConnection: close\r\n";
  }

  @ParameterizedTest
  @MethodSource("callsWithBodies")
  void rejectsInvalidChunkSize(Call call) throws Exception {
    assertThat(send(call, CHUNKED, "zz\r\n{}\r\n0\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(send(call, CHUNKED, "1\r\n{\r\nzz\r\n")).startsWith("HTTP/1.1 400");
    assertThat(send(call, CHUNKED, "ffffffffffffffffff\r\n{")).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @MethodSource("callsWithBodies")
  void rejectsBodyThatEndsEarly(Call call) throws Exception {
    assertThat(send(call, "Content-Length: 100\r\n", "{\"a\":1")).startsWith("HTTP/1.1 400");
    assertThat(send(call, CHUNKED, "9\r\n{\"a\"")).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @MethodSource("callsWithBodies")
  void rejectsBodyInNoEncodingOfUnicode(Call call) throws Exception {
    for (String body :
        List.of(
            "{\"a\":\"\u00ff\"}", "[\"\u00c0\u0080\"]", "\0\0\0{\u0011\0\0\0", "\u00ff\u00fe")) {
      assertThat(send(call, length(body), body)).startsWith("HTTP/1.1 4");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/documents", "/tasks"})
  void abortsLinesThatCannotBeRead(String path) throws Exception {
    Call lines = new Call(false, "POST", path, "Content-Type: application/x-ndjson\r\n");
    String received = send(lines, CHUNKED, "3\r\n{}\n\r\nzz\r\n");
    assertThat(received).doesNotStartWith("HTTP/1.1 5").doesNotEndWith("\r\n0\r\n\r\n");
  }

  @Test
  void rejectsOnlyTheLineThatIsNotUtf8() throws Exception {
    Call lines = new Call(false, "POST", "/documents", "Content-Type: application/x-ndjson\r\n");
    String body =
        DOCUMENT.formatted("line-\u00c0\u0080") + "\n" + DOCUMENT.formatted("line-ok") + "\n";
    assertThat(send(lines, length(body), body))
        .contains("\"index\":0,\"type\":\"urn:docket:problem:bad-request\"")
        .contains("the body must be valid UTF-8")
        .contains("{\"index\":1,\"status\":201");
  }

  @Test
  void storesNothingOfBatchThatIsNotUtf8() throws Exception {
    String name = "batch-" + UUID.randomUUID();
    String body = "[" + DOCUMENT.formatted(name) + "," + DOCUMENT.formatted(name + "\u00ff") + "]";
    for (String path : List.of("/documents", "/DANE/documents/")) {
      assertThat(send(new Call(false, "POST", path, JSON), length(body), body))
          .startsWith("HTTP/1.1 400")
          .contains("UTF-8");
    }
    String valid = DOCUMENT.formatted(name);
    assertThat(dane.server().post("/document", valid).status()).isEqualTo(201);
  }

  @Test
  void reportsItemWithImpossibleNumberAsFailed() {
    String name = "batch-" + UUID.randomUUID();
    TestServer.Response response =
        dane.post(
            "/documents/",
            "["
                + DOCUMENT.formatted(name)
                + ",{\"target\":1e99999999999},"
                + DOCUMENT.formatted(name + "b")
                + "]");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body().path("success")).hasSize(2);
    assertThat(response.body().at("/failed/0/invalid").asText())
        .isEqualTo("{\"target\":1e99999999999}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "*/*;q=a", "a/b;c"})
  void rejectsInvalidAcceptByName(String value) throws Exception {
    for (Call call :
        List.of(
            new Call(false, "GET", "/stats", ""),
            new Call(false, "GET", "/DANE/workers/", ""),
            new Call(true, "GET", "/", ""))) {
      assertThat(send(call, "Connection: close\r\nAccept: " + value + "\r\n", ""))
          .startsWith("HTTP/1.1 400")
          .contains("Accept");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*;q=a", "application/json;q=2", "/", "x"})
  void rejectsInvalidContentType(String value) throws Exception {
    for (Call call :
        List.of(
            new Call(false, "POST", "/document", ""),
            new Call(false, "GET", "/stats", ""),
            new Call(false, "POST", "/DANE/document/", ""),
            new Call(true, "POST", "/dane-index/_search", ""))) {
      assertThat(send(call, "Content-Type: " + value + "\r\n" + length("{}"), "{}"))
          .startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void logsNoErrorIfClientGoesAway() throws Exception {
    Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
    // Other test classes log at the same time, some at all levels: the thread's name has the path.
    String path = "/task/gone-" + UUID.randomUUID() + "/progress";
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getThreadName().contains(path) && event.getLevel().isGreaterOrEqual(INFO)) {
              events.add(event);
            }
          }
        };
    appender.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    try {
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), dane.server().uri().getPort())) {
        socket
            .getOutputStream()
            .write(
                head(
                    new Call(false, "POST", path, JSON),
                    JSON + "Content-Length: 100\r\nExpect: 100-continue\r\n"));
        // The server sends this when it starts to read the body.
        assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
            .isEqualTo("HTTP/1.1 100");
        socket.setSoLinger(true, 0);
      }
      await().until(() -> !events.isEmpty());
    } finally {
      root.detachAppender(appender);
    }
    assertThat(events)
        .allSatisfy(event -> assertThat(event.getLevel()).isEqualTo(INFO))
        .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNull());
  }
}
