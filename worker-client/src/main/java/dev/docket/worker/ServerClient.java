package dev.docket.worker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Posts JSON to the server. Repeats nothing; says in the log when the server is lost and when it is
 * back, once each. Safe for threads.
 */
final class ServerClient {

  private static final Logger LOG = LoggerFactory.getLogger(ServerClient.class);
  private static final String OK = "";

  private final String server;
  private final @Nullable Secret token;
  private final ExecutorService executor;
  private final HttpClient http;
  private final Map<String, String> troubles = new HashMap<>();

  ServerClient(URI server, @Nullable Secret token, String worker) {
    this.server = server.toString().replaceFirst("/+$", "");
    this.token = token;
    this.executor = Executors.newFixedThreadPool(2, NamedThreads.daemon(worker, "http"));
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(executor)
            .build();
  }

  /**
   * Posts and waits for the answer. An interrupt breaks the call off.
   *
   * @param limit for the whole answer with its body
   * @throws IOException if there was no answer; whether the server has seen it is then not known
   */
  ServerReply post(String path, byte[] json, Duration limit)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofByteArray(json));
    if (token != null) {
      request.header("Authorization", "Bearer " + token.value());
    }
    CompletableFuture<HttpResponse<byte[]>> call =
        http.sendAsync(request.build(), BodyHandlers.ofByteArray());
    ServerReply reply;
    try {
      // A request's own timeout ends with the headers, and a body could still take for ever.
      HttpResponse<byte[]> response = call.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      reply =
          new ServerReply(
              response.statusCode(), response.headers().firstValue("Retry-After"), response.body());
    } catch (ExecutionException failed) {
      throw lost(path, failed.getCause());
    } catch (TimeoutException slow) {
      call.cancel(true);
      throw lost(path, slow);
    } catch (InterruptedException stopped) {
      call.cancel(true);
      throw stopped;
    }
    note(path, reply.hopeless() ? Level.ERROR : Level.WARN, reply.error().orElse(OK));
    return reply;
  }

  void close() {
    executor.shutdown();
  }

  private IOException lost(String path, @Nullable Throwable cause) {
    String what = cause instanceof TimeoutException ? "no answer in time" : "not reached: " + cause;
    note(path, Level.WARN, what);
    return new IOException(what, cause);
  }

  private synchronized void note(String path, Level level, String now) {
    String before = troubles.put(path, now);
    if (now.equals(before)) {
      return;
    }
    if (now.equals(OK)) {
      LOG.info("connected to Docket at {}{}", server, path);
    } else {
      LOG.atLevel(level).log("trouble with Docket at {}{}, trying again: {}", server, path, now);
    }
  }

  @Override
  public String toString() {
    return server;
  }
}
