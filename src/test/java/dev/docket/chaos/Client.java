package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Asks until it is answered, as a client should who does not want to lose anything. */
final class Client {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(8);
  private static final long RETRY_MILLIS = 300;

  private final URI server;
  private final Duration patience;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  /** Gives up after the patience. */
  Client(URI server, Duration patience) {
    this.server = server;
    this.patience = patience;
  }

  /**
   * An answer.
   *
   * @param sure whether it was asked once only; else what was asked before may still be done later
   */
  record Answer(int status, JsonNode body, boolean sure) {}

  Answer get(String path) throws InterruptedException, TimeoutException {
    return ask("GET", path, null);
  }

  Answer post(String path, Object body) throws InterruptedException, TimeoutException {
    return ask("POST", path, body);
  }

  Answer delete(String path) throws InterruptedException, TimeoutException {
    return ask("DELETE", path, null);
  }

  private Answer ask(String method, String path, Object body)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + patience.toNanos();
    String last = "";
    for (boolean sure = true; System.nanoTime() - end < 0; sure = false) {
      try {
        HttpResponse<String> answer = send(method, path, body, "application/json");
        if (answer.statusCode() < 500 && answer.statusCode() != 429) {
          return new Answer(answer.statusCode(), json(answer.body()), sure);
        }
        last = answer.statusCode() + " " + answer.body();
      } catch (IOException unanswered) {
        last = unanswered.toString();
      }
      Thread.sleep(RETRY_MILLIS);
    }
    throw new TimeoutException(method + " " + path + ": no answer, at last " + last);
  }

  /** All lines of an export; tried again where it breaks. */
  List<JsonNode> lines(String path) throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + patience.toNanos();
    String last = "";
    while (System.nanoTime() - end < 0) {
      try {
        HttpResponse<String> answer = send("GET", path, null, "application/x-ndjson");
        if (answer.statusCode() == 200) {
          return answer.body().lines().map(Client::json).toList();
        }
        last = answer.statusCode() + " " + answer.body();
      } catch (IOException unanswered) {
        last = unanswered.toString();
      }
      Thread.sleep(RETRY_MILLIS);
    }
    throw new TimeoutException(path + ": no answer, at last " + last);
  }

  private HttpResponse<String> send(String method, String path, Object body, String accept)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT).header("Accept", accept);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(String body) {
    try {
      return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (IOException noJson) {
      return MissingNode.getInstance();
    }
  }
}
