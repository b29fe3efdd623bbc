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

/** Repeats each request until it gets a response below 500 other than 429. */
final class RetryingClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(8);
  private static final long RETRY_MILLIS = 300;

  private final URI server;
  private final Duration timeout;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  /**
   * Creates a client.
   *
   * @param timeout how long a request is repeated
   */
  RetryingClient(URI server, Duration timeout) {
    this.server = server;
    this.timeout = timeout;
  }

  URI server() {
    return server;
  }

  /**
   * A response.
   *
   * @param firstTry whether the request was sent only once. Otherwise the server may have executed
   *     an earlier one, or may still execute it.
   */
  record Response(int status, JsonNode body, boolean firstTry) {}

  Response get(String path) throws InterruptedException, TimeoutException {
    return sendWithRetries("GET", path, null);
  }

  Response post(String path, Object body) throws InterruptedException, TimeoutException {
    return sendWithRetries("POST", path, body);
  }

  Response delete(String path) throws InterruptedException, TimeoutException {
    return sendWithRetries("DELETE", path, null);
  }

  private Response sendWithRetries(String method, String path, Object body)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + timeout.toNanos();
    String lastError = "";
    for (boolean firstTry = true; System.nanoTime() - end < 0; firstTry = false) {
      try {
        HttpResponse<String> response = send(method, path, body, "application/json");
        if (response.statusCode() < 500 && response.statusCode() != 429) {
          return new Response(response.statusCode(), json(response.body()), firstTry);
        }
        lastError = response.statusCode() + " " + response.body();
      } catch (IOException e) {
        lastError = e.toString();
      }
      Thread.sleep(RETRY_MILLIS);
    }
    throw noResponse(method, path, lastError);
  }

  /** Returns all lines of an export. Repeats the whole request if it fails. */
  List<JsonNode> lines(String path) throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + timeout.toNanos();
    String lastError = "";
    while (System.nanoTime() - end < 0) {
      try {
        HttpResponse<String> response = send("GET", path, null, "application/x-ndjson");
        if (response.statusCode() == 200) {
          return response.body().lines().map(RetryingClient::json).toList();
        }
        lastError = response.statusCode() + " " + response.body();
      } catch (IOException e) {
        lastError = e.toString();
      }
      Thread.sleep(RETRY_MILLIS);
    }
    throw noResponse("GET", path, lastError);
  }

  private TimeoutException noResponse(String method, String path, String lastError) {
    return new TimeoutException(
        "no response to "
            + method
            + " "
            + path
            + " within "
            + timeout.toSeconds()
            + " s; the last error was "
            + lastError);
  }

  private HttpResponse<String> send(String method, String path, Object body, String accept)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(REQUEST_TIMEOUT)
            .header("Accept", accept);
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
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
