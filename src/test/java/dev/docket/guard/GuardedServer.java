package dev.docket.guard;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.TestKeys;
import dev.docket.auth.key.ApiKey;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A guarded server with few threads. Its resource holds a thread while it reads a body, and {@code
 * /list} while it writes more than a connection takes.
 */
final class GuardedServer {

  static final int THREADS = 24;

  private final Server server = new Server(new QueuedThreadPool(THREADS, 4));
  private final ServerConnector connector = new ServerConnector(server, 1, 1);

  private GuardedServer(Guard guard) throws Exception {
    connector
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .setSendServerVersion(false);
    server.addConnector(connector);
    server.setHandler(new EchoedLength());
    guard.protect(server);
    server.start();
  }

  static GuardedServer withKeys(String... keys) throws Exception {
    return new GuardedServer(guard(keys, RequestRate.UNLIMITED));
  }

  static GuardedServer withoutKeys() throws Exception {
    return withKeys();
  }

  static GuardedServer withRate(RequestRate rate, String... keys) throws Exception {
    return new GuardedServer(guard(keys, rate));
  }

  private static Guard guard(String[] keys, RequestRate rate) {
    ApiKey[] apiKeys =
        List.of(keys).stream()
            .map(key -> new ApiKey(key + "-name", ApiKey.hash(key), Set.of("worker")))
            .toArray(ApiKey[]::new);
    return new Guard(
        TestKeys.authenticator(apiKeys),
        false,
        List.of("docket.example"),
        List.of("https://tools.example"),
        rate,
        new ObjectMapper());
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  /** Raises the connector's limit of request line and headers, in bytes. */
  void allowRequestHead(int bytes) {
    connector
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .setRequestHeaderSize(bytes);
  }

  void stop() throws Exception {
    server.stop();
  }

  private static final class EchoedLength extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (Request.getPathInContext(request).equals("/list")) {
        byte[] page = new byte[1 << 20];
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
          for (int i = 0; i < 100; i++) {
            out.write(page);
          }
        }
        callback.succeeded();
        return true;
      }
      byte[] body = Content.Source.asInputStream(request).readAllBytes();
      Content.Sink.write(response, true, "read " + body.length + " bytes", callback);
      return true;
    }
  }

  static String post(String key, int length, String start) {
    return """
        POST /task HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Length: %d
        Connection: close

        %s"""
        .formatted(key, length, start);
  }
}
