package dev.docket.auth.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The key set of an issuer over HTTP, in this process. */
public final class KeySetServer implements AutoCloseable {

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile int status = 200;
  private volatile String body = "";
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean stopsInBody;

  public KeySetServer() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/jwks", this::respond);
    http.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/jwks");
  }

  int requests() {
    return requests.get();
  }

  public void serve(JWK... keys) {
    serve(200, new JWKSet(List.of(keys)).toString());
  }

  public void serve(int newStatus, String newBody) {
    status = newStatus;
    body = newBody;
  }

  /** Makes it respond only after {@link #open}. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void open() {
    gate.countDown();
  }

  /** Makes it stop after the headers of a response. */
  void stopInBody() {
    stopsInBody = true;
  }

  private void respond(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (OutputStream out = exchange.getResponseBody()) {
      if (!stopsInBody) {
        gate.await();
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Location", "/jwks");
      exchange.sendResponseHeaders(status, bytes.length);
      if (stopsInBody) {
        out.write(bytes, 0, 1);
        out.flush();
        gate.await();
      }
      out.write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
