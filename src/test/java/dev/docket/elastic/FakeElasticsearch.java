package dev.docket.elastic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** An HTTP server with scripted responses, for faults that a real one does not produce. */
public final class FakeElasticsearch implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Responder responder;

  /** Returns the response to a request. */
  public interface Responder {
    CannedResponse respond(Call call) throws Exception;
  }

  public record Call(String method, String path, String query, String authorization, String body) {

    /** Returns the ids in a {@code _bulk} request, in order. */
    public List<String> ids() {
      List<String> ids = new ArrayList<>();
      for (String line : body.split("\n", -1)) {
        int at = line.indexOf("\"_id\":\"");
        if (at >= 0) {
          ids.add(line.substring(at + 7, line.indexOf('"', at + 7)));
        }
      }
      return ids;
    }
  }

  /**
   * A response.
   *
   * @param status 0 closes the connection without a response
   */
  public record CannedResponse(int status, String body) {

    public static final CannedResponse NONE = new CannedResponse(0, "");

    /** Stores every write; its sequence number is its position. */
    public static CannedResponse stored(Call call) {
      List<String> items = new ArrayList<>();
      for (int i = 0; i < call.ids().size(); i++) {
        items.add(item(201, "\"_seq_no\":" + i + ",\"_primary_term\":1"));
      }
      return items(items);
    }

    public static CannedResponse items(List<String> items) {
      return new CannedResponse(
          200, items.stream().collect(Collectors.joining(",", "{\"items\":[", "]}")));
    }

    public static String item(int status, String fields) {
      return "{\"index\":{"
          + fields
          + (fields.isEmpty() ? "" : ",")
          + "\"status\":"
          + status
          + "}}";
    }

    public static String rejected(int status, String type) {
      return item(status, "\"error\":{\"type\":\"" + type + "\",\"reason\":\"because\"}");
    }

    public static CannedResponse error(int status, String type) {
      return new CannedResponse(
          status,
          "{\"error\":{\"type\":\""
              + type
              + "\",\"reason\":\"because\"},\"status\":"
              + status
              + "}");
    }
  }

  private FakeElasticsearch(HttpServer server, Responder responder) {
    this.server = server;
    this.responder = responder;
  }

  public static FakeElasticsearch start(Responder responder) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
      FakeElasticsearch fake = new FakeElasticsearch(server, responder);
      server.createContext("/", fake::handle);
      server.setExecutor(fake.threads);
      server.start();
      return fake;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void respondWith(Responder newResponder) {
    this.responder = newResponder;
  }

  public List<Call> calls() {
    return calls;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public ElasticClients clients() {
    return ElasticClients.open(
        new ElasticSettings(
            List.of(uri()), null, null, Duration.ofSeconds(5), Duration.ofSeconds(5)));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Call call =
          new Call(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              exchange.getRequestURI().getQuery(),
              exchange.getRequestHeaders().getFirst("Authorization"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      calls.add(call);
      CannedResponse response = responder.respond(call);
      if (response.status() == 0) {
        return;
      }
      byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.getResponseHeaders().add("X-Elastic-Product", "Elasticsearch");
      exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
