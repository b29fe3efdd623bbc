package dev.docket.dialect.dane.importing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends requests to DANE's Elasticsearch. Repeats a request that was not answered, or answered by a
 * server or proxy that was too busy.
 */
final class DaneHttp {

  private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int MAX_REPETITIONS = 6;
  private static final int MAX_REASON_LENGTH = 500;

  private final DaneConnection connection;
  private final Duration firstDelay;
  private final Consumer<String> progress;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /**
   * @param firstDelay the delay before the first repetition; it doubles with each further one
   * @param progress receives a line for each repetition
   */
  DaneHttp(DaneConnection connection, Duration firstDelay, Consumer<String> progress) {
    this.connection = connection;
    this.firstDelay = firstDelay;
    this.progress = progress;
  }

  /**
   * Sends a request until it is answered. Blocks.
   *
   * @throws ImportFailed if all repetitions fail
   */
  HttpResponse<byte[]> send(String method, String path, Object body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(connection.base() + path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(
                method,
                HttpRequest.BodyPublishers.ofString(DaneJson.MAPPER.valueToTree(body).toString()));
    if (connection.authorization() != null) {
      request.header("Authorization", connection.authorization());
    }
    try {
      return send(request.build());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportFailed("the import was interrupted", e);
    }
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws InterruptedException {
    for (int repetition = 0; ; repetition++) {
      ImportFailed failure;
      try {
        HttpResponse<byte[]> response =
            client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (!BUSY.contains(response.statusCode())) {
          return response;
        }
        failure = failure(response);
      } catch (IOException e) {
        failure =
            new ImportFailed(
                "DANE's Elasticsearch at " + connection + " does not respond: " + e, e);
      }
      if (repetition >= MAX_REPETITIONS) {
        throw failure;
      }
      long delay = firstDelay.toMillis() << repetition;
      progress.accept(failure.getMessage() + "; trying again in " + delay + " ms");
      TimeUnit.MILLISECONDS.sleep(delay);
    }
  }

  /** A failure that quotes a response. */
  ImportFailed failure(HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    String reason = text.substring(0, Math.min(text.length(), MAX_REASON_LENGTH));
    return new ImportFailed(
        "DANE's Elasticsearch at %s responded with %d: %s"
            .formatted(connection, response.statusCode(), reason));
  }
}
