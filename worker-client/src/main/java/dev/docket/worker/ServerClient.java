package dev.docket.worker;

import dev.docket.wire.ResultUpload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
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
 * Sends JSON to the server, without retries. Logs one line when the server becomes unreachable and
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
    HttpRequest.Builder request = request(path).POST(BodyPublishers.ofByteArray(json));
    ServerResponse response = call(path, request, timeout);
    logResponse(path, response);
    return response;
  }

  /**
   * Sends a request of an upload, as {@link #post} does.
   *
   * @param path the path of the result's payload
   * @param headers the headers that name the run and the position; never logged
   */
  ServerResponse upload(
      String method, String path, Map<String, String> headers, BodyPublisher body, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).method(method, body);
    headers.forEach(request::header);
    // One name for all uploads, so that a failure is logged once and not once for each of them.
    ServerResponse response = call(ResultUpload.PATH, request, timeout);
    if (!response.isRunLost()) {
      logResponse(ResultUpload.PATH, response);
    }
    return response;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json");
    if (token != null) {
      request.header("Authorization", "Bearer " + token.value());
    }
    return request;
  }

  private ServerResponse call(String logName, HttpRequest.Builder request, Duration timeout)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> call =
        http.sendAsync(request.build(), BodyHandlers.ofByteArray());
    try {
      // The timeout of an HttpRequest covers only the headers; the body could still take forever.
      HttpResponse<byte[]> response = call.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new ServerResponse(response.statusCode(), response.headers(), response.body());
    } catch (ExecutionException e) {
      throw callFailed(logName, e.getCause());
    } catch (TimeoutException e) {
      call.cancel(true);
      throw callFailed(logName, e);
    } catch (InterruptedException e) {
      call.cancel(true);
      throw e;
    }
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

  private void logResponse(String path, ServerResponse response) {
    logChange(
        path,
        response.isConfigurationError() ? Level.ERROR : Level.WARN,
        response.error().orElse(OK));
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
