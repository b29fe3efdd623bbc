package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers what it is told to. */
class ProgressDisplayTest {

  private final Deque<String> facets = new ArrayDeque<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private volatile String unfinished = "[]";
  private volatile String underWay = "[]";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/search/task", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    String hits = query.contains("state=4*") ? unfinished : underWay;
    String states = "[]";
    if (query.contains("facets")) {
      states = facets.size() > 1 ? facets.remove() : facets.element();
    }
    byte[] body =
        "{\"hits\":%s,\"total\":9,\"facets\":{\"state\":%s}}"
            .formatted(hits, states)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** What the next look sees; the last one stays. */
  private void show(int... statesAndCounts) {
    StringBuilder states = new StringBuilder();
    for (int i = 0; i < statesAndCounts.length; i += 2) {
      states.append(
          ",{\"value\":\"%d\",\"count\":%d}".formatted(statesAndCounts[i], statesAndCounts[i + 1]));
    }
    facets.add("[" + states.substring(1) + "]");
  }

  private List<String> watch(int tasks, Runnable check) throws InterruptedException {
    return watch(tasks, Duration.ofSeconds(60), check);
  }

  private List<String> watch(int tasks, Duration patience, Runnable check)
      throws InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    new ProgressDisplay(new DocketClient(address), check, "run-1", tasks, patience, out)
        .untilDone();
    return printed.toString(StandardCharsets.UTF_8).lines().map(String::strip).toList();
  }

  @Test
  void saysHowFarTheyAreWheneverThatChanges() throws Exception {
    show(201, 1, 202, 2, 412, 1);
    show(102, 1, 200, 2, 412, 1);
    show(102, 1, 200, 2, 412, 1);
    show(200, 4);
    assertThat(watch(4, () -> {}))
        .containsExactly(
            "working    0 of 4 done, 1 new, 2 queued, 1 waiting for others",
            "working    2 of 4 done, 1 being worked on, 1 waiting for others",
            "working    4 of 4 done");
  }

  @Test
  void failsWhenAllHaveEndedAndNamesThoseThatDidNotSucceed() {
    show(200, 1, 403, 1, 424, 1);
    unfinished =
        """
        [{"id":"t1","key":"FIXITY","state":403,"state_name":"ACCESS_DENIED",
          "message":"must not\\nbe read","document":{"target":{"id":"опись.txt"}}}]
        """;
    assertThatThrownBy(() -> watch(3, () -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Not every task has ended well")
        .hasMessageContaining(
            "FIXITY of опись.txt: 403 ACCESS_DENIED: must not?be read (GET /task/t1)")
        .hasMessageEndingWith("and 8 more");
  }

  @Test
  void failsWhenNothingMovesAndSaysWhatIsStuck() {
    show(200, 1, 202, 1);
    unfinished = "[{\"id\":\"t2\",\"key\":\"FIXITY\",\"state\":202,\"state_name\":\"QUEUED\"}]";
    assertThatThrownBy(() -> watch(2, Duration.ofSeconds(1), () -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Nothing has moved for 1 s")
        .hasMessageContaining("202 QUEUED");
  }

  @Test
  void progressOfALongTaskIsMovement() throws Exception {
    for (int i = 0; i < 12; i++) {
      show(102, 1);
    }
    show(200, 1);
    Runnable progressing =
        () -> underWay = "[{\"id\":\"t3\",\"progress\":%d}]".formatted(facets.size());
    assertThat(watch(1, progressing)).last().isEqualTo("working    1 of 1 done");
  }

  @Test
  void endsAtOnceWhenSomethingHasDied() {
    assertThatThrownBy(
            () ->
                watch(
                    1,
                    () -> {
                      throw new UserError("The server has ended");
                    }))
        .hasMessage("The server has ended");
  }
}
