package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand dependents of one task, one dependent of them all, and a chain, on real backends. */
final class ManyDependenciesIT {

  private static final int MANY = 1_000;
  private static final int CHAIN_LENGTH = 100;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @Test
  void executesEachTaskAfterItsDependencies() throws Exception {
    String yaml =
        TestServer.config(
            BACKENDS.backends().elasticsearch(), BACKENDS.backends().amqp(), BACKENDS.prefix(), "");
    try (TestServer server = new TestServer(yaml)) {
      List<String> documents = documents(server);
      String gate = server.task(documents.get(0), "GATE", "");
      List<String> many = ids(server.post("/task", dependentsOf(documents, gate)));
      assertThat(many).hasSize(MANY);
      String last = server.task(documents.get(0), "LAST", ",\"depends_on\":" + references(many));
      List<String> chain = new ArrayList<>(List.of(last));
      while (chain.size() < CHAIN_LENGTH) {
        String previous = chain.get(chain.size() - 1);
        chain.add(
            server.task(
                documents.get(chain.size()),
                "LINK",
                ",\"depends_on\":" + references(List.of(previous))));
      }
      assertThat(states(server, "AFTER")).isEqualTo("[{\"value\":\"412\",\"count\":" + MANY + "}]");

      try (DocketWorker worker =
          DocketWorker.builder()
              .server(server.uri())
              .broker(BACKENDS.backends().amqp().toString())
              .queuePrefix(BACKENDS.prefix())
              .key("GATE")
              .key("AFTER")
              .key("LAST")
              .key("LINK")
              .types(TargetType.TEXT)
              .concurrency(8)
              .handler((task, context) -> Outcome.success("done"))
              .build()) {
        worker.start();
        await().atMost(TIMEOUT).until(() -> server.state(chain.get(CHAIN_LENGTH - 1)) == 200);
      }

      assertThat(states(server, "AFTER")).isEqualTo("[{\"value\":\"200\",\"count\":" + MANY + "}]");
      assertThat(states(server, "LINK"))
          .isEqualTo("[{\"value\":\"200\",\"count\":" + (CHAIN_LENGTH - 1) + "}]");
      JsonNode hits =
          server.get("/search/task?key=AFTER&sort=-finished_at&size=1").body().path("hits");
      assertThat(server.get("/task/" + last).text("started_at"))
          .isGreaterThanOrEqualTo(hits.get(0).path("finished_at").asText());
    }
  }

  private static List<String> documents(TestServer server) {
    String batch =
        IntStream.range(0, MANY)
            .mapToObj(
                i ->
                    """
                    {"target":{"id":"d%d","url":"file:///d","type":"Text"},
                     "creator":{"id":"a","type":"Human"}}
                    """
                        .formatted(i))
            .collect(Collectors.joining(",", "[", "]"));
    return ids(server.post("/documents", batch));
  }

  private static List<String> ids(TestServer.Response response) {
    assertThat(response.status()).as(response.raw().body()).isEqualTo(200);
    List<String> ids = new ArrayList<>();
    response.body().path("success").forEach(created -> ids.add(created.path("id").asText()));
    return ids;
  }

  private static String dependentsOf(List<String> documents, String gate) {
    return "{\"document_id\":[\"%s\"],\"key\":\"AFTER\",\"depends_on\":%s}"
        .formatted(String.join("\",\"", documents), references(List.of(gate)));
  }

  private static String references(List<String> tasks) {
    return tasks.stream()
        .map(id -> "{\"id\":\"" + id + "\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String states(TestServer server, String key) {
    return server
        .get("/search/task?fresh=true&size=1&facets=state&key=" + key)
        .body()
        .at("/facets/state")
        .toString();
  }
}
