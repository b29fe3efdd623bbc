package dev.docket.dialect.dane.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads scripted responses, with faults that a real Elasticsearch does not produce on demand. */
final class DaneIndexReaderTest {

  private record Answer(int status, String body) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private final List<String> progress = new ArrayList<>();
  private DaneIndexReader reader;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    String address = "http://me:p%40ss@127.0.0.1:" + server.getAddress().getPort() + "/es/";
    reader =
        new DaneIndexReader(
            DaneConnection.of(address, "dane-index"), Duration.ofMillis(1), progress::add);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI().getPath()
              + " "
              + exchange.getRequestHeaders().getFirst("Authorization"));
      boolean deletion = exchange.getRequestMethod().equals("DELETE");
      Answer next = deletion ? new Answer(200, "{}") : answers.remove();
      byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(next.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String page(long total, int failedShards, String... ids) {
    List<String> hits = new ArrayList<>();
    for (String id : ids) {
      hits.add(
          "{\"_id\":\"%s\",\"_source\":{\"role\":{\"name\":\"task\",\"parent\":\"d\"}}}"
              .formatted(id));
    }
    return ("{\"_scroll_id\":\"s\",\"took\":1,\"timed_out\":false,"
            + "\"_shards\":{\"total\":1,\"failed\":%d},"
            + "\"hits\":{\"total\":{\"value\":%d,\"relation\":\"eq\"},\"max_score\":null,\"hits\":[%s]}}")
        .formatted(failedShards, total, String.join(",", hits));
  }

  private void willAnswer(int status, String body) {
    answers.add(new Answer(status, body));
  }

  private List<String> tasks() {
    return reader.tasksOf(List.of("d")).stream().map(DaneHit::id).toList();
  }

  @Test
  void readsAllPagesWithCredentials() {
    willAnswer(200, page(3, 0, "a", "b"));
    willAnswer(200, page(3, 0, "c"));

    assertThat(tasks()).containsExactly("a", "b", "c");
    String credentials = " Basic bWU6cEBzcw==";
    assertThat(requests)
        .containsExactly(
            "POST /es/dane-index/_search" + credentials,
            "POST /es/_search/scroll" + credentials,
            "DELETE /es/_search/scroll" + credentials);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void repeatsWhatABusyServerRefused(int status) {
    willAnswer(status, "busy");
    willAnswer(200, page(1, 0, "a"));

    assertThat(tasks()).containsExactly("a");
    assertThat(progress)
        .singleElement()
        .asString()
        .contains("responded with " + status + ": busy; trying again in 1 ms");
  }

  @Test
  void startsAgainAfterALostPage() {
    willAnswer(200, page(3, 0, "a"));
    willAnswer(200, page(3, 0, "c"));
    willAnswer(200, page(3, 0));
    willAnswer(200, page(3, 0, "a", "b", "c"));

    assertThat(tasks()).containsExactly("a", "c", "b");
  }

  @Test
  void startsAgainAfterAFailedShardOrAnExpiredScroll() {
    willAnswer(200, page(2, 0, "a"));
    willAnswer(200, page(2, 1));
    willAnswer(200, page(2, 0, "a"));
    willAnswer(404, "{\"error\":\"search_context_missing_exception\"}");
    willAnswer(200, page(2, 0, "a", "b"));

    assertThat(tasks()).containsExactly("a", "b");
  }

  @Test
  void failsIfAPageOfDocumentsIsLost() {
    willAnswer(200, page(3, 0, "a"));
    willAnswer(200, page(3, 0));
    List<DaneHit> read = new ArrayList<>();

    assertThatThrownBy(() -> reader.documents(read::addAll))
        .isInstanceOf(ImportFailed.class)
        .hasMessageContaining("lost on the way; import again");
    assertThat(read).hasSize(1);
  }

  @Test
  void failsWithoutRepetitionOfOtherErrors() {
    willAnswer(401, "{\"error\":\"missing credentials\"}");

    assertThatThrownBy(this::tasks)
        .isInstanceOf(ImportFailed.class)
        .hasMessageContaining("responded with 401: {\"error\":\"missing credentials\"}")
        .hasMessageNotContaining("p@ss");
  }

  @Test
  void givesUpWhileTheServerStaysBusy() {
    for (int i = 0; i < 7; i++) {
      willAnswer(503, "starting");
    }

    assertThatThrownBy(this::tasks)
        .isInstanceOf(ImportFailed.class)
        .hasMessageContaining("responded with 503: starting");
    assertThat(answers).isEmpty();
  }

  @Test
  void rejectsMalformedAddresses() {
    for (String address :
        List.of("host:9200", "ftp://host", "http://", "http://h?x=1", "http://u:p w@h")) {
      assertThatThrownBy(() -> DaneConnection.of(address, "dane-index"))
          .as(address)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must have the form http://user:password@host:9200")
          .hasMessageNotContaining("p w");
    }
    assertThatThrownBy(() -> DaneConnection.of("http://host", "a,b"))
        .hasMessage("the index must be one name of a-z 0-9 _ . + - (was a,b)");
  }
}
