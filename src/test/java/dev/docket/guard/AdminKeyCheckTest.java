package dev.docket.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.key.ApiKey;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminKeyCheckTest {

  private static final String KEY = "kEy-of_the.admin-port";

  private final Server server = new Server();
  private final LocalConnector connector = new LocalConnector(server);
  private final AtomicInteger served = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(
        new ServletHolder(
            new HttpServlet() {
              private static final long serialVersionUID = 1;

              @Override
              protected void service(HttpServletRequest request, HttpServletResponse response) {
                served.incrementAndGet();
                response.setStatus(204);
              }
            }),
        "/metrics");
    context.insertHandler(new AdminKeyCheck(ApiKey.hash(KEY), new ObjectMapper()));
    server.setHandler(context);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private HttpTester.Response send(String requestLine, String headers) throws Exception {
    return HttpTester.parseResponse(
        connector.getResponse(
            requestLine + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers + "\r\n"));
  }

  private static String basic(String user, String password) {
    return "Authorization: Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8))
        + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "GET /metrics",
        "HEAD /metrics",
        "OPTIONS /metrics",
        "TRACE /metrics",
        "POST /tasks/log-level",
        "GET /threads",
        "GET /healthcheck",
        "GET /unknown",
        "GET /%6detrics",
        "GET /metrics;a=b",
        "GET /x/../metrics",
      })
  void rejectsEveryRequestWithoutKey(String requestLine) throws Exception {
    HttpTester.Response response = send(requestLine, "");
    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.get("WWW-Authenticate")).isEqualTo("Bearer realm=\"docket-admin\"");
    assertThat(response.get("Content-Type")).isEqualTo("application/problem+json");
    if (!requestLine.startsWith("HEAD")) {
      assertThat(response.getContent())
          .contains("\"status\":401", "\"type\":\"urn:docket:problem:unauthorized\"");
    }
    assertThat(served).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%2e%2e/metrics",
        "GET //metrics",
        "GET /a%2f../metrics",
        "GET http://other/metrics",
        "OPTIONS *",
      })
  void servesNoUnusualTargetWithoutKey(String requestLine) throws Exception {
    assertThat(send(requestLine, "").getStatus()).isIn(400, 401, 404);
    assertThat(served).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer wrong",
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: kEy-of_the.admin-port",
        "Authorization: Digest kEy-of_the.admin-port",
        "Authorization: Bearer KEY-OF_THE.ADMIN-PORT",
        "Authorization: Basic kEy-of_the.admin-port",
        "Authorization: Basic dXNlcg==",
        "Authorization: Bearer 00, Bearer kEy-of_the.admin-port",
        "X-Api-Key: kEy-of_the.admin-port",
      })
  void rejectsOtherCredentials(String header) throws Exception {
    assertThat(send("GET /metrics", header + "\r\n").getStatus()).isEqualTo(401);
    assertThat(send("GET /metrics", basic(KEY, "")).getStatus()).isEqualTo(401);
    assertThat(served).hasValue(0);
  }

  @Test
  void acceptsKeyAsBearerTokenOrAsPassword() throws Exception {
    String bearer = "Authorization: bearer " + KEY + "\r\n";
    assertThat(send("GET /metrics", bearer).getStatus()).isEqualTo(204);
    assertThat(send("GET /metrics", basic("prometheus", KEY)).getStatus()).isEqualTo(204);
    assertThat(send("GET /metrics", basic("", KEY)).getStatus()).isEqualTo(204);
    assertThat(send("GET /unknown", bearer).getStatus()).isEqualTo(404);
    assertThat(served).hasValue(3);
  }
}
