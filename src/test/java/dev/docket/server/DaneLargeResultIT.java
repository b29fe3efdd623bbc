package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A DANE worker that saves a result of the maximum size. */
final class DaneLargeResultIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final int MAX_PAYLOAD_BYTES = 16 << 20;

  /** More than the server has threads for the responses of Elasticsearch. */
  private static final int CONCURRENT_READERS = 10;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void isReadWholeWhereverResultsAreShown() throws Exception {
    try (DaneTestServer dane = new DaneTestServer(BACKENDS);
        PythonWorker worker = dane.worker("HUGE", "HUGE")) {
      String document = dane.document("film", "archive");
      String task = dane.task(document, "HUGE", Map.of("results", 1, "payload", MAX_PAYLOAD_BYTES));
      await().atMost(Duration.ofMinutes(2)).until(() -> dane.state(task) == 200);
      assertThat(worker.events("saved")).hasSize(1);
      String result = worker.events("saved").get(0).path("result").asText();

      assertWhole(read(search(dane, task)).at("/hits/hits/0/_source/result/payload"), task);
      assertWhole(
          read(get(dane.store(), "/dane-index/_doc/" + result)).at("/_source/result/payload"),
          task);
      assertWhole(read(get(dane.server().uri(), "/DANE/result/" + result)).path("payload"), task);
      assertWhole(
          read(get(dane.server().uri(), "/DANE/creator/archive/HUGE/results")).at("/0/payload"),
          task);
      assertWhole(
          read(get(dane.server().uri(), "/task/" + task + "/results?payload=full"))
              .at("/0/payload"),
          task);
      JsonNode listed = dane.server().get("/task/" + task + "/results").body().get(0);
      assertThat(listed.has("payload")).isFalse();
      assertThat(listed.path("payload_bytes").asInt()).isEqualTo(MAX_PAYLOAD_BYTES);

      List<HttpRequest> requests = new ArrayList<>();
      for (int i = 0; i < CONCURRENT_READERS; i++) {
        requests.add(get(dane.server().uri(), "/DANE/result/" + result));
        requests.add(get(dane.server().uri(), "/result/" + result + "/payload"));
      }
      assertThat(sizes(requests)).allMatch(size -> size >= MAX_PAYLOAD_BYTES);
    }
  }

  private static void assertWhole(JsonNode payload, String task) {
    assertThat(payload.path("task").asText()).isEqualTo(task);
    assertThat(payload.toString()).hasSizeBetween(MAX_PAYLOAD_BYTES - 16, MAX_PAYLOAD_BYTES);
    assertThat(payload.path("text").asText().chars()).allMatch(c -> c == 'x');
  }

  private static HttpRequest get(URI server, String path) {
    return HttpRequest.newBuilder(server.resolve(path)).build();
  }

  private static HttpRequest search(DaneTestServer dane, String task) {
    String query =
        """
        {"query":{"bool":{"must":[
          {"has_parent":{"parent_type":"task","query":{"match":{"_id":"%s"}}}},
          {"exists":{"field":"result.generator.id"}}]}},"_source":"result"}
        """
            .formatted(task);
    return HttpRequest.newBuilder(dane.store().resolve("/dane-index/_search"))
        .POST(HttpRequest.BodyPublishers.ofString(query))
        .build();
  }

  private JsonNode read(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).as("%s", request.uri()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  /** Sends the requests at the same time and returns the sizes of the responses. */
  private List<Integer> sizes(List<HttpRequest> requests) {
    List<CompletableFuture<Integer>> sizes =
        requests.stream()
            .map(request -> http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()))
            .map(response -> response.thenApply(r -> r.body().length))
            .toList();
    return sizes.stream().map(CompletableFuture::join).toList();
  }
}
