package dev.docket.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The API of a server in another process. */
record HttpApi(URI server, HttpClient http) {

  HttpApi(URI server) {
    this(server, HttpClient.newHttpClient());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String get(String path) throws IOException {
    return send(HttpRequest.newBuilder(server.resolve(path))).body();
  }

  String post(String path, String body) throws IOException {
    return send(HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)))
        .body();
  }

  /** Whether the server can be reached and can use its backends. */
  boolean isReady() {
    try {
      return send(HttpRequest.newBuilder(server.resolve("/ready"))).statusCode() == 200;
    } catch (IOException unreachable) {
      return false;
    }
  }
}
