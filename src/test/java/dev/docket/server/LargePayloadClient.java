package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.wire.ResultUpload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Sends and reads large payloads over plain HTTP. Repeats a request only if the response is 503;
 * any other unexpected status is an {@link AssertionError}. Thread-safe.
 */
final class LargePayloadClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final long RETRY_MILLIS = 500;

  private final URI server;
  private final URI daneIndex;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger retries = new AtomicInteger();

  LargePayloadClient(URI server, URI daneIndex) {
    this.server = server;
    this.daneIndex = daneIndex;
  }

  /** The number of requests that were repeated because the server was too busy. */
  int retries() {
    return retries.get();
  }

  JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return sendJson(server.resolve(path), JSON.writeValueAsString(body));
  }

  private JsonNode sendJson(URI uri, String body) throws IOException, InterruptedException {
    return JSON.readTree(
        send(request(uri), "POST", () -> BodyPublishers.ofString(body), 200, 201).body());
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("Content-Type", "application/json");
  }

  private HttpResponse<InputStream> send(
      HttpRequest.Builder request, String method, Supplier<BodyPublisher> body, Integer... expected)
      throws IOException, InterruptedException {
    while (true) {
      HttpResponse<InputStream> response =
          http.send(request.method(method, body.get()).build(), BodyHandlers.ofInputStream());
      if (List.of(expected).contains(response.statusCode())) {
        return response;
      }
      awaitRetry(response);
    }
  }

  private void awaitRetry(HttpResponse<InputStream> response)
      throws IOException, InterruptedException {
    String body = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    if (response.statusCode() != 503) {
      throw new AssertionError(response + ": " + body);
    }
    retries.incrementAndGet();
    TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
  }

  /** Uploads the payload of the only result of a run. After a 503 continues where it stopped. */
  void upload(JsonNode granted, LargePayload payload) throws IOException, InterruptedException {
    URI uri = server.resolve(ResultUpload.path(taskId(granted), 0));
    Map<String, String> headers =
        Map.of(
            ResultUpload.ATTEMPT_HEADER, granted.path("attempt").asText(),
            ResultUpload.RUN_HEADER, granted.path("run").asText(),
            ResultUpload.CLAIM_HEADER, granted.path("claim_id").asText());
    long offset = 0;
    while (true) {
      HttpRequest.Builder put = request(uri).header(ResultUpload.OFFSET_HEADER, "" + offset);
      headers.forEach(put::header);
      long from = offset;
      put.PUT(publisher(() -> payload.openFrom(from), payload.bytes() - from));
      HttpResponse<InputStream> response = http.send(put.build(), BodyHandlers.ofInputStream());
      if (response.statusCode() == 200) {
        long received = JSON.readTree(response.body()).path("bytes").asLong();
        if (received != payload.bytes()) {
          throw new AssertionError("the server received " + received + " bytes of " + payload);
        }
        return;
      }
      awaitRetry(response);
      HttpRequest.Builder head = request(uri);
      headers.forEach(head::header);
      HttpResponse<InputStream> kept = send(head, "HEAD", BodyPublishers::noBody, 200);
      offset = kept.headers().firstValueAsLong(ResultUpload.OFFSET_HEADER).orElseThrow();
    }
  }

  private static BodyPublisher publisher(Supplier<InputStream> body, long bytes) {
    return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(body), bytes);
  }

  static String taskId(JsonNode granted) {
    return granted.path("task").path("_id").asText();
  }

  /** Saves a result in DANE's index, as DANE's worker library does. */
  void saveInDaneIndex(String task, LargePayload payload) throws IOException, InterruptedException {
    byte[] start =
        "{\"result\":{\"generator\":{\"id\":\"large\",\"type\":\"Software\"},\"payload\":"
            .getBytes(StandardCharsets.UTF_8);
    byte[] end =
        """
        },"role":{"name":"result","parent":"%s"},
        "created_at":"2026-03-01T12:00:00","updated_at":"2026-03-01T12:00:00"}
        """
            .formatted(task)
            .getBytes(StandardCharsets.UTF_8);
    Supplier<InputStream> record =
        () ->
            new SequenceInputStream(
                Collections.enumeration(
                    List.of(
                        new ByteArrayInputStream(start),
                        payload.open(),
                        new ByteArrayInputStream(end))));
    long bytes = (long) start.length + payload.bytes() + end.length;
    send(
            request(daneIndex.resolve("/dane-index/_doc?refresh=true&routing=" + task)),
            "POST",
            () -> publisher(record, bytes),
            201)
        .body()
        .close();
  }

  /** The results of a task from its list, with whole payloads. */
  JsonNode results(String task) throws IOException, InterruptedException {
    return JSON.readTree(get("/task/" + task + "/results?payload=full"));
  }

  /** The results of a task from DANE's index: for each {@code {"result": {…}}}. */
  List<JsonNode> resultsInDaneIndex(String task) throws IOException, InterruptedException {
    JsonNode found =
        sendJson(
            daneIndex.resolve("/dane-index/_search"),
            """
            {"_source":"result","query":{"bool":{"must":[
              {"has_parent":{"parent_type":"task","query":
                {"bool":{"should":[{"match":{"_id":"%s"}}]}}}},
              {"exists":{"field":"result.generator.id"}}]}}}
            """
                .formatted(task));
    return found.path("hits").path("hits").valueStream().map(hit -> hit.path("_source")).toList();
  }

  /** The body of a response, which the caller must read and close. */
  InputStream get(String path) throws IOException, InterruptedException {
    return send(request(server.resolve(path)), "GET", BodyPublishers::noBody, 200).body();
  }

  /** The digest of a payload that was read as part of other JSON. */
  static String sha256(JsonNode payload) throws IOException {
    return LargePayload.sha256(new ByteArrayInputStream(JSON.writeValueAsBytes(payload)));
  }
}
