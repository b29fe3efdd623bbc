package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.docket.DocketProtocol;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole application in this JVM, on a free port, with a small HTTP client. The test fails if a
 * request to Docket's own API or a response does not match the OpenAPI description.
 */
final class TestServer implements AutoCloseable {

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final DropwizardTestSupport<DocketConfig> support;
  private final ContractFilter contract = new ContractFilter();

  /** A response. */
  record Response(int status, JsonNode body, HttpResponse<String> raw) {
    String text(String field) {
      return body.path(field).asText();
    }
  }

  TestServer(String yaml, WorkerProtocol.Factory... more) throws Exception {
    List<WorkerProtocol.Factory> protocols = new ArrayList<>();
    protocols.add(DocketProtocol::new);
    protocols.addAll(List.of(more));
    support =
        new DropwizardTestSupport<>(
            DocketApplication.class,
            "test.yml",
            path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))) {
          @Override
          public DocketApplication newApplication() {
            return new DocketApplication(protocols);
          }
        };
    support.addListener(
        new DropwizardTestSupport.ServiceListener<>() {
          @Override
          public void onRun(
              DocketConfig config,
              Environment environment,
              DropwizardTestSupport<DocketConfig> started) {
            environment.jersey().register(contract);
          }
        });
    support.before();
  }

  /** A configuration with these backends, and with short intervals of the sweeps. */
  static String config(URI elasticsearch, URI broker, String prefix, String more) {
    return """
        elasticsearch: {urls: "%s", indexPrefix: "%s", routingShards: 8}
        broker: {uri: "%s", prefix: "%s"}
        tasks: {backoff: 200ms, lease: 5s, maxAttempts: 3}
        sweeps: {overdue: 300ms, leases: 300ms, unroutable: 300ms, purge: 300ms, backlog: 1s}
        server:
          applicationConnectors: [{type: http, port: 0, maxRequestHeaderSize: 128KiB}]
          adminConnectors: [{type: http, port: 0, bindHost: 127.0.0.1}]
          requestLog: {appenders: []}
        logging: {level: INFO}
        %s
        """
        .formatted(elasticsearch, prefix, broker, prefix, more);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + support.getLocalPort());
  }

  URI admin() {
    return URI.create("http://127.0.0.1:" + support.getAdminPort());
  }

  Response get(String path) {
    return send(request(path).GET());
  }

  Response delete(String path) {
    return send(request(path).DELETE());
  }

  Response post(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri().resolve(path));
  }

  Response send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      JsonNode body =
          type.contains("json") && !type.contains("ndjson")
              ? JSON.readTree(response.body())
              : JSON.missingNode();
      assertThat(contract.violations()).as("differences from the API description").isEmpty();
      return new Response(response.statusCode(), body, response);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Registers a document and returns its id. */
  String document(String targetId, String type) {
    Response created =
        post(
            "/document",
            """
            {"target":{"id":"%s","url":"file:///%s","type":"%s"},
             "creator":{"id":"archive","type":"Organization"}}
            """
                .formatted(targetId, targetId, type));
    if (created.status() != 201) {
      throw new AssertionError(created.raw().body());
    }
    return created.text("id");
  }

  /** Assigns a task and returns its id; {@code more} is further fields with a leading comma. */
  String task(String documentId, String key, String more) {
    Response created =
        post(
            "/task",
            "{\"document_id\":\"" + documentId + "\",\"key\":\"" + key + "\"" + more + "}");
    if (created.status() != 201) {
      throw new AssertionError(created.raw().body());
    }
    return created.text("id");
  }

  int state(String taskId) {
    return get("/task/" + taskId).body().path("state").asInt();
  }

  @Override
  public void close() {
    support.after();
    assertThat(contract.violations()).as("differences from the API description").isEmpty();
  }
}
