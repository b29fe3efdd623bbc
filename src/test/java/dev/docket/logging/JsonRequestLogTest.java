package dev.docket.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.RequestAttributes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JsonRequestLogTest {

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AtomicLong nanos = new AtomicLong();
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final HttpClient http = HttpClient.newHttpClient();

  /** Responds with the status that the path names. */
  private static final class Statuses extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      String path = Request.getPathInContext(request);
      int status = path.matches("/\\d+") ? Integer.parseInt(path.substring(1)) : 200;
      request.setAttribute(RequestAttributes.ID, "request-1");
      request.setAttribute(RequestAttributes.CALLER, "ann");
      if (status >= 400) {
        request.setAttribute(RequestAttributes.PROBLEM, "no \"such\"\nthing");
      }
      response.setStatus(status);
      callback.succeeded();
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    server.addConnector(connector);
    server.setHandler(new Statuses());
    server.setRequestLog(
        new JsonRequestLog(
            lines::add,
            () -> lines.add("stopped"),
            new LogText(List.of("hunter22")),
            new RejectionLimit(nanos::get),
            Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC)));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    assertThat(lines).contains("stopped");
  }

  private void get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
    http.send(
        HttpRequest.newBuilder(uri).header("User-Agent", "test/1").build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private JsonNode next() throws Exception {
    String line = lines.poll(30, TimeUnit.SECONDS);
    assertThat(line).isNotNull().doesNotContain("\n");
    return new ObjectMapper().readTree(line);
  }

  @Test
  void writesOneLineWithAllFields() throws Exception {
    get("/404?state=4*");
    JsonNode line = next();
    assertThat(line.path("time").asText()).isEqualTo("2026-03-01T10:00:00Z");
    assertThat(line.path("request").asText()).isEqualTo("request-1");
    assertThat(line.path("method").asText()).isEqualTo("GET");
    assertThat(line.path("path").asText()).isEqualTo("/404");
    assertThat(line.path("query").asText()).isEqualTo("state=4*");
    assertThat(line.path("status").asInt()).isEqualTo(404);
    assertThat(line.path("duration_ms").isIntegralNumber()).isTrue();
    assertThat(line.path("principal").asText()).isEqualTo("ann");
    assertThat(line.path("remote").asText()).isEqualTo("127.0.0.1");
    assertThat(line.path("user_agent").asText()).isEqualTo("test/1");
    assertThat(line.path("error").asText()).isEqualTo("no \"such\"\\nthing");
    assertThat(line.has("suppressed")).isFalse();
  }

  @Test
  void redactsSecretsOfQueryAndConfiguration() throws Exception {
    get("/a?access_token=s1&key=ASR&API_KEY=s2&%61ccess_token=s3&x=hunter22");
    String line = next().toString();
    assertThat(line).contains("key=ASR", "access_token=[REDACTED]");
    assertThat(line).doesNotContain("s1", "s2", "s3", "hunter22");
  }

  @Test
  void omitsSuccessfulProbes() throws Exception {
    get("/health");
    get("/ready");
    get("/other");
    assertThat(next().path("path").asText()).isEqualTo("/other");
  }

  @Test
  void limitsRejectedRequestsOfCallerAndCountsOthers() throws Exception {
    for (int i = 0; i < RejectionLimit.MAX_LINES + 5; i++) {
      get("/401");
    }
    get("/200");
    for (int i = 0; i < RejectionLimit.MAX_LINES; i++) {
      assertThat(next().path("status").asInt()).isEqualTo(401);
    }
    assertThat(next().path("status").asInt()).isEqualTo(200);
    nanos.addAndGet(1_000_000_000);
    get("/401");
    assertThat(next().path("suppressed").asInt()).isEqualTo(5);
  }
}
