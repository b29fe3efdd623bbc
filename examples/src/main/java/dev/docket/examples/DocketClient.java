package dev.docket.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Client for the part of Docket's HTTP API that the demonstration uses. */
final class DocketClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI server;

  DocketClient(URI server) {
    this.server = server;
  }

  /** Whether the server is ready ({@code GET /ready}). */
  boolean isReady() {
    try {
      return send(request("/ready").GET()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  JsonNode get(String path) {
    return exchange("GET", path, request(path).GET());
  }

  JsonNode post(String path, Object body) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(write(body)));
    return exchange("POST", path, request);
  }

  /** Adds a query to a path. The parameters are in the order of the map. */
  static String query(String path, Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&", path + "?", ""));
  }

  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path)).timeout(TIMEOUT);
  }

  private JsonNode exchange(String method, String path, HttpRequest.Builder request) {
    String target = method + " " + server + path;
    try {
      HttpResponse<String> response = send(request);
      if (response.statusCode() / 100 != 2) {
        throw new UserError(
            target + " returned " + response.statusCode() + ": " + detail(response.body()));
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UserError(target + " failed: " + e, e);
    }
  }

  /** The detail of a problem document, or the whole body if it is not one. */
  private static String detail(String body) {
    try {
      JsonNode problem = JSON.readTree(body);
      return problem.path("detail").asText(body);
    } catch (JsonProcessingException e) {
      return body;
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
