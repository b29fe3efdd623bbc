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

/** Docket's HTTP API, as far as the demonstration needs it. */
final class DocketClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI server;

  DocketClient(URI server) {
    this.server = server;
  }

  /** Whether the server says that it can do its work. */
  boolean isReady() {
    try {
      return send(request("/ready").GET()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  JsonNode get(String path) {
    return answer("GET", path, request(path).GET());
  }

  JsonNode post(String path, Object body) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(write(body)));
    return answer("POST", path, request);
  }

  /** A path with its query; the order of the parameters is that of the map. */
  static String query(String path, Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&", path + "?", ""));
  }

  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path)).timeout(TIMEOUT);
  }

  private JsonNode answer(String method, String path, HttpRequest.Builder request) {
    String what = method + " " + server + path;
    try {
      HttpResponse<String> response = send(request);
      if (response.statusCode() / 100 != 2) {
        throw new UserError(
            what + " answered " + response.statusCode() + ": " + detail(response.body()));
      }
      return JSON.readTree(response.body());
    } catch (IOException broken) {
      throw new UserError(what + " got no answer that can be read: " + broken, broken);
    }
  }

  /** What a problem document says; all of it where it is none. */
  private static String detail(String body) {
    try {
      JsonNode problem = JSON.readTree(body);
      return problem.path("detail").asText(body);
    } catch (JsonProcessingException other) {
      return body;
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", hurry);
    }
  }
}
