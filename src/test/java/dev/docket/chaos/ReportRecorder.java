package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.docket.wire.ResultUpload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy between a worker and the servers, in the worker's process. It writes the reports
 * and the responses to the {@link RunLog}, with the generators of the results only. If the server
 * does not respond, the worker gets no response either.
 */
final class ReportRecorder {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(45);

  private static final List<String> REQUEST_HEADERS =
      List.of(
          ResultUpload.ATTEMPT_HEADER,
          ResultUpload.RUN_HEADER,
          ResultUpload.CLAIM_HEADER,
          ResultUpload.OFFSET_HEADER);

  private static final List<String> RESPONSE_HEADERS =
      List.of("Retry-After", ResultUpload.OFFSET_HEADER);

  private final URI server;
  private final RunLog log;
  private final HttpServer http;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  ReportRecorder(URI server, RunLog log) throws IOException {
    this.server = server;
    this.log = log;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::handle);
    http.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "report recorder");
              thread.setDaemon(true);
              return thread;
            }));
    http.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      if (!exchange.getRequestMethod().equals("POST")) {
        respond(exchange, send(exchange, body));
        return;
      }
      JsonNode request = JSON.readTree(body);
      long sent = RunLog.now();
      if (path.equals("/worker/report")) {
        for (JsonNode item : request) {
          if (List.of("complete", "give_back").contains(item.path("type").asText())) {
            log.write(RunLog.REQUEST, line(item, sent));
          }
        }
      }
      HttpResponse<byte[]> response = send(exchange, body);
      if (response.statusCode() == 200) {
        recordResponse(path, request, JSON.readTree(response.body()), sent);
      }
      respond(exchange, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(exchange.getRequestURI().getPath()))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    for (String name : REQUEST_HEADERS) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void respond(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    for (String name : RESPONSE_HEADERS) {
      response
          .headers()
          .firstValue(name)
          .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
    }
    int length = response.body().length;
    exchange.sendResponseHeaders(response.statusCode(), length == 0 ? -1 : length);
    if (length > 0) {
      exchange.getResponseBody().write(response.body());
    }
  }

  private void recordResponse(String path, JsonNode request, JsonNode response, long sent)
      throws IOException {
    if (path.equals("/worker/poll")) {
      for (JsonNode granted : response.path("tasks")) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("sent", sent);
        line.put("type", "claim");
        line.put("task", granted.path("task").path("_id").asText());
        line.put("attempt", granted.path("attempt").asInt());
        line.put("run", granted.path("run").asText());
        line.put("claim", granted.path("claim_id").asText());
        line.put("status", 200);
        log.write(RunLog.RESPONSE, line);
      }
      return;
    }
    for (int i = 0; i < request.size(); i++) {
      JsonNode item = request.get(i);
      if (List.of("claim", "complete", "give_back").contains(item.path("type").asText())) {
        Map<String, Object> line = line(item, sent);
        line.put("status", response.path(i).path("status").asInt());
        log.write(RunLog.RESPONSE, line);
      }
    }
  }

  private static Map<String, Object> line(JsonNode item, long sent) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("sent", sent);
    line.put("type", item.path("type").asText());
    line.put("task", item.path("task").asText());
    line.put("attempt", item.path("attempt").asInt());
    line.put("run", item.path("run").asText());
    line.put("claim", item.path("claim_id").asText());
    if (item.has("state")) {
      line.put("state", item.path("state").asInt());
      List<JsonNode> generators = new ArrayList<>();
      item.path("results").forEach(result -> generators.add(result.path("generator")));
      line.put("generators", generators);
    }
    return line;
  }
}
