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
 * Posts JSON to the server, without retries. Logs one line when the server becomes unreachable and
 * one when it is reachable again. Thread-safe.
 */
final class ServerClient {

  private static final Logger LOG = LoggerFactory.getLogger(ServerClient.class);
  private static final String OK = "";

  private final String server;
  private final @Nullable Secret token;
  private final ExecutorService executor;
  private final HttpClient http;
  private final Map<String, String> lastErrors = new HashMap<>();

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
   * Posts JSON and waits for the response. An interrupt cancels the call.
   *
   * @param timeout the timeout for the whole response, including its body
   * @throws IOException if there is no response; it is then unknown whether the server received the
   *     request
   */
  ServerResponse post(String path, byte[] json, Duration timeout)
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
    ServerResponse response;
    try {
      // The timeout of an HttpRequest covers only the headers; the body could still take forever.
      HttpResponse<byte[]> httpResponse = call.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      response =
          new ServerResponse(
              httpResponse.statusCode(),
              httpResponse.headers().firstValue("Retry-After"),
              httpResponse.body());
    } catch (ExecutionException e) {
      throw callFailed(path, e.getCause());
    } catch (TimeoutException e) {
      call.cancel(true);
      throw callFailed(path, e);
    } catch (InterruptedException e) {
      call.cancel(true);
      throw e;
    }
    logChange(
        path,
        response.isConfigurationError() ? Level.ERROR : Level.WARN,
        response.error().orElse(OK));
    return response;
  }

  void close() {
    executor.shutdown();
  }

  private IOException callFailed(String path, @Nullable Throwable cause) {
    String error =
        cause instanceof TimeoutException ? "no response in time" : String.valueOf(cause);
    logChange(path, Level.WARN, error);
    return new IOException(error, cause);
  }

  private synchronized void logChange(String path, Level level, String error) {
    String previous = lastErrors.put(path, error);
    if (error.equals(previous)) {
      return;
    }
    if (error.equals(OK)) {
      LOG.info("Connected to the server at {}{}", server, path);
    } else {
      LOG.atLevel(level).log("Calls to the server at {}{} fail; retrying: {}", server, path, error);
    }
  }

  @Override
  public String toString() {
    return server;
  }
}
