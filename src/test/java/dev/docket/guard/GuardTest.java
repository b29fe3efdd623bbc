package dev.docket.guard;

import static dev.docket.guard.GuardedServer.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardTest {

  private static final String GET =
      "GET /task/1 HTTP/1.1\nHost: localhost\nConnection: close\nAuthorization: Bearer key\n";

  private GuardedServer server;

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private String answer(String request) throws IOException {
    try (RawClient client = new RawClient(server.uri())) {
      return client.send(request).response();
    }
  }

  @Test
  void rejectsTooManyHeaders() throws Exception {
    server = GuardedServer.withKeys("key");

    assertThat(answer(GET + "a:b\n".repeat(1_000) + "\n"))
        .startsWith("HTTP/1.1 431")
        .contains("application/problem+json")
        .contains("at most " + HeaderLimits.MAX_HEADERS + " headers");
    assertThat(answer(GET + "a:b\n".repeat(90) + "\n")).startsWith("HTTP/1.1 200");
  }

  @Test
  void rejectsTooLargeHeadersButAcceptsLongUrls() throws Exception {
    server = GuardedServer.withKeys("key");
    String half = "x".repeat(HeaderLimits.MAX_CHARACTERS / 2);

    // The connector's own limit is 8 KiB for request line and headers together.
    server.allowRequestHead(64 * 1024);
    assertThat(answer(GET + "a: " + half + "\nb: " + half + "\n\n"))
        .startsWith("HTTP/1.1 431")
        .contains("at most " + HeaderLimits.MAX_CHARACTERS + " characters");
    assertThat(answer(GET.replace("/task/1", "/task?q=" + half + half) + "\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void limitsRequestRateOfEachKey() throws Exception {
    server = GuardedServer.withRate(new RequestRate(1, 3), "key", "other");
    String request = GET + "\n";

    assertThat(answer(request)).startsWith("HTTP/1.1 200");
    assertThat(answer(request)).startsWith("HTTP/1.1 200");
    assertThat(answer(request)).startsWith("HTTP/1.1 200");
    String rejected = answer(request);
    for (int i = 0; i < 20 && rejected.startsWith("HTTP/1.1 200"); i++) {
      rejected = answer(request);
    }

    assertThat(rejected)
        .startsWith("HTTP/1.1 429 Too Many Requests")
        .containsPattern("Retry-After: [1-9]")
        .contains("this caller may send 1 requests per second");
    assertThat(answer(GET.replace("Bearer key", "Bearer other") + "\n")).startsWith("HTTP/1.1 200");
    assertThat(answer(GET.replace("/task/1", "/health") + "\n")).startsWith("HTTP/1.1 200");
  }

  @Test
  void rejectsPagesOfOtherSitesBeforeReadingTheirBody() throws Exception {
    server = GuardedServer.withoutKeys();

    assertThat(
            answer(
                post("", 1_000_000, "half")
                    .replace("Host: localhost", "Host: localhost\nOrigin: https://evil.example")))
        .startsWith("HTTP/1.1 403")
        .contains("https://evil.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%ZZ HTTP/1.1\nHost: localhost\n\n",
        "GET /%ff HTTP/1.1\nHost: localhost\nConnection: close\n\n",
        "GET / HTTP/1.1\n\n",
        "GET / HTTP/1.1\nHost: localhost\nContent-Length: many\nConnection: close\n\n",
        "POST / HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\nmany\n",
        "\u0000\u0001\n\n"
      })
  void answersMalformedRequestsWithProblemDocuments(String request) throws Exception {
    server = GuardedServer.withKeys("key");

    assertProblem(answer(request), 400);
  }

  @Test
  void answersBrokenBodiesOfKnownCallersWithProblemDocument() throws Exception {
    server = GuardedServer.withKeys("key");
    String broken =
        post("key", 5, "many\n").replace("Content-Length: 5", "Transfer-Encoding: chunked");

    assertProblem(answer(broken), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/9.9", "GET /"})
  void answersOtherHttpVersionsWithProblemDocuments(String line) throws Exception {
    server = GuardedServer.withKeys("key");

    assertProblem(answer(line + "\nHost: localhost\nConnection: close\n\n"), 505);
  }

  @Test
  void answersTooLongUrlsWithProblemDocument() throws Exception {
    server = GuardedServer.withKeys("key");

    assertProblem(answer("GET /" + "x".repeat(20_000) + " HTTP/1.1\nHost: localhost\n\n"), 414);
  }

  private static void assertProblem(String answer, int status) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status)
        .contains("Content-Type: application/problem+json")
        .contains("X-Content-Type-Options: nosniff")
        .contains("\"status\":" + status)
        .doesNotContainIgnoringCase("jetty")
        .doesNotContain("Server:");
  }
}
