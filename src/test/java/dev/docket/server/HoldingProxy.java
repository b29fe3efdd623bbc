package dev.docket.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes requests on to Elasticsearch, and answers neither a certain one nor later ones. */
final class HoldingProxy implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final URI target;
  private final int held;

  /**
   * @param held the number of the first request that is not answered, from 1
   */
  HoldingProxy(URI target, int held) throws IOException {
    this.target = target;
    this.held = held;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Waits for the request that is not answered. */
  void awaitHeld() throws InterruptedException {
    if (!reached.await(2, TimeUnit.MINUTES)) {
      throw new AssertionError("only " + requests + " requests");
    }
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (requests.incrementAndGet() >= held) {
        reached.countDown();
        closed.await();
        return;
      }
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()))
                  .header("Content-Type", "application/json")
                  .method(
                      exchange.getRequestMethod(),
                      HttpRequest.BodyPublishers.ofByteArray(
                          exchange.getRequestBody().readAllBytes()))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(response.statusCode(), response.body().length);
      exchange.getResponseBody().write(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
