package dev.docket.backends;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The two endpoints of RabbitMQ's management API that Docket reads queue statistics from, with
 * RabbitMQ's field names: {@code GET /api/queues} and {@code GET /api/bindings}, each optionally
 * followed by a virtual host. One thread handles one request at a time.
 */
final class ManagementEndpoint implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VIRTUAL_HOST = "/";

  private final HttpServer server;

  private ManagementEndpoint(HttpServer server) {
    this.server = server;
  }

  static ManagementEndpoint start(int port, Supplier<QpidStatistics> statistics) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      HttpServer server = HttpServer.create(address, 0);
      serve(server, "/api/queues", () -> queues(statistics.get()));
      serve(server, "/api/bindings", () -> bindings(statistics.get()));
      server.start();
      return new ManagementEndpoint(server);
    } catch (IOException e) {
      throw new BackendStartException(
          "cannot start the management API of the embedded broker on " + address + ": " + e, e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void serve(HttpServer server, String path, Supplier<Object> content) {
    server
        .createContext(path, exchange -> respond(exchange, path, content))
        .setAuthenticator(
            new BasicAuthenticator("Docket") {
              @Override
              public boolean checkCredentials(String user, String password) {
                return user.equals(QpidConfiguration.USER)
                    && password.equals(QpidConfiguration.PASSWORD);
              }
            });
  }

  private static void respond(HttpExchange exchange, String path, Supplier<Object> content)
      throws IOException {
    try (exchange) {
      String suffix = exchange.getRequestURI().getRawPath().substring(path.length());
      if (!List.of("", "/", "/%2F", "/%2f").contains(suffix)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      byte[] body = JSON.writeValueAsBytes(content.get());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static List<Map<String, Object>> queues(QpidStatistics statistics) {
    return statistics.queues().stream().map(ManagementEndpoint::json).toList();
  }

  private static Map<String, Object> json(QueueStatistics queue) {
    return Map.of(
        "name", queue.name(),
        "vhost", VIRTUAL_HOST,
        "durable", queue.durable(),
        "messages", queue.ready() + queue.unacknowledged(),
        "messages_ready", queue.ready(),
        "messages_unacknowledged", queue.unacknowledged(),
        "consumers", queue.consumers());
  }

  private static List<Map<String, Object>> bindings(QpidStatistics statistics) {
    return statistics.bindings().stream().map(ManagementEndpoint::json).toList();
  }

  private static Map<String, Object> json(QueueBinding binding) {
    return Map.of(
        "source", binding.exchange(),
        "vhost", VIRTUAL_HOST,
        "destination", binding.queue(),
        "destination_type", "queue",
        "routing_key", binding.routingKey());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
