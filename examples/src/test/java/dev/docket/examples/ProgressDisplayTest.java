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

/** Runs the display against a stub server. */
class ProgressDisplayTest {

  private final Deque<String> facets = new ArrayDeque<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private volatile String unfinished = "[]";
  private volatile String running = "[]";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/search/task", this::respond);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void respond(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    String hits = query.contains("state=4*") ? unfinished : running;
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

  /** Adds the states of the next search. The last states are returned repeatedly. */
  private void addStates(int... statesAndCounts) {
    StringBuilder states = new StringBuilder();
    for (int i = 0; i < statesAndCounts.length; i += 2) {
      states.append(
          ",{\"value\":\"%d\",\"count\":%d}".formatted(statesAndCounts[i], statesAndCounts[i + 1]));
    }
    facets.add("[" + states.substring(1) + "]");
  }

  private List<String> watch(int tasks, Runnable healthCheck) throws InterruptedException {
    return watch(tasks, Duration.ofSeconds(60), healthCheck);
  }

  private List<String> watch(int tasks, Duration stallTimeout, Runnable healthCheck)
      throws InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    new ProgressDisplay(new DocketClient(address), healthCheck, "run-1", tasks, stallTimeout, out)
        .awaitSuccess();
    return printed.toString(StandardCharsets.UTF_8).lines().map(String::strip).toList();
  }

  @Test
  void printsProgressWhenItChanges() throws Exception {
    addStates(201, 1, 202, 2, 412, 1);
    addStates(102, 1, 200, 2, 412, 1);
    addStates(102, 1, 200, 2, 412, 1);
    addStates(200, 4);
    assertThat(watch(4, () -> {}))
        .containsExactly(
            "progress   0 of 4 done, 1 new, 2 queued, 1 waiting for dependencies",
            "progress   2 of 4 done, 1 running, 1 waiting for dependencies",
            "progress   4 of 4 done");
  }

  @Test
  void failsIfTasksDidNotSucceedAndListsThem() {
    addStates(200, 1, 403, 1, 424, 1);
    unfinished =
        """
        [{"id":"t1","key":"FIXITY","state":403,"state_name":"ACCESS_DENIED",
          "message":"must not\\nbe read","document":{"target":{"id":"опись.txt"}}}]
        """;
    assertThatThrownBy(() -> watch(3, () -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Some tasks did not succeed")
        .hasMessageContaining(
            "FIXITY of опись.txt: 403 ACCESS_DENIED: must not?be read (GET /task/t1)")
        .hasMessageEndingWith("and 8 more");
  }

  @Test
  void failsWithoutProgressAndListsUnfinishedTasks() {
    addStates(200, 1, 202, 1);
    unfinished = "[{\"id\":\"t2\",\"key\":\"FIXITY\",\"state\":202,\"state_name\":\"QUEUED\"}]";
    assertThatThrownBy(() -> watch(2, Duration.ofSeconds(1), () -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("No progress for 1 s")
        .hasMessageContaining("202 QUEUED");
  }

  @Test
  void progressOfRunningTaskResetsStallTimeout() throws Exception {
    for (int i = 0; i < 12; i++) {
      addStates(102, 1);
    }
    addStates(200, 1);
    Runnable progressing =
        () -> running = "[{\"id\":\"t3\",\"progress\":%d}]".formatted(facets.size());
    assertThat(watch(1, progressing)).last().isEqualTo("progress   1 of 1 done");
  }

  @Test
  void failsImmediatelyIfHealthCheckFails() {
    assertThatThrownBy(
            () ->
                watch(
                    1,
                    () -> {
                      throw new UserError("The server exited");
                    }))
        .hasMessage("The server exited");
  }
}
