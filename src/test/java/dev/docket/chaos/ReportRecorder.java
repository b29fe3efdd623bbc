package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Stands between a worker and the server, in the worker's own process, and writes down what the one
 * says and the other answers. Where there is no answer it gives none.
 */
final class ReportRecorder {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(45);

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
              Thread thread = new Thread(task, "tap");
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
      JsonNode said = JSON.readTree(body);
      long sent = RunLog.now();
      if (path.equals("/worker/report")) {
        for (JsonNode item : said) {
          if (List.of("complete", "give_back").contains(item.path("type").asText())) {
            log.write("says", of(item, sent));
          }
        }
      }
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(server.resolve(path))
                  .timeout(TIMEOUT)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() == 200) {
        heard(path, said, JSON.readTree(answer.body()), sent);
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      answer
          .headers()
          .firstValue("Retry-After")
          .ifPresent(after -> exchange.getResponseHeaders().set("Retry-After", after));
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void heard(String path, JsonNode said, JsonNode answer, long sent) throws IOException {
    if (path.equals("/worker/poll")) {
      for (JsonNode granted : answer.path("tasks")) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("sent", sent);
        line.put("type", "claim");
        line.put("task", granted.path("task").path("_id").asText());
        line.put("attempt", granted.path("attempt").asInt());
        line.put("run", granted.path("run").asText());
        line.put("claim", granted.path("claim_id").asText());
        line.put("status", 200);
        log.write("heard", line);
      }
      return;
    }
    for (int i = 0; i < said.size(); i++) {
      JsonNode item = said.get(i);
      if (List.of("claim", "complete", "give_back").contains(item.path("type").asText())) {
        Map<String, Object> line = of(item, sent);
        line.put("status", answer.path(i).path("status").asInt());
        log.write("heard", line);
      }
    }
  }

  private static Map<String, Object> of(JsonNode item, long sent) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("sent", sent);
    line.put("type", item.path("type").asText());
    line.put("task", item.path("task").asText());
    line.put("attempt", item.path("attempt").asInt());
    line.put("run", item.path("run").asText());
    line.put("claim", item.path("claim_id").asText());
    if (item.has("state")) {
      line.put("state", item.path("state").asInt());
      line.put("results", item.path("results"));
    }
    return line;
  }
}
