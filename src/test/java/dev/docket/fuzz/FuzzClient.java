package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sends the requests that set up and check the fuzzed ones. */
final class FuzzClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  private final URI store;

  FuzzClient(URI server, URI store) {
    this.server = server;
    this.store = store;
  }

  /** The body of a successful response, byte by byte. */
  String get(String path) {
    return send(HttpRequest.newBuilder(server.resolve(path)).GET());
  }

  JsonNode getJson(String path) {
    return parsed(get(path));
  }

  String getFromStore(String path) {
    return send(HttpRequest.newBuilder(store.resolve(path)).GET());
  }

  JsonNode post(String path, Object body) {
    return post(server.resolve(path), body);
  }

  JsonNode postToStore(String path, Object body) {
    return post(store.resolve(path), body);
  }

  private JsonNode post(URI uri, Object body) {
    return parsed(
        send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.valueToTree(body).toString()))));
  }

  /** Deletes what may be deleted already. */
  void delete(String path) {
    try {
      http.send(
          HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT).DELETE().build(),
          HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(
            response.request().method()
                + " "
                + response.uri()
                + " was answered with "
                + response.statusCode()
                + " "
                + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
