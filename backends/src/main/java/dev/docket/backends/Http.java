package dev.docket.backends;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** HTTP client for the backends. Credentials in the address are sent as basic authentication. */
final class Http {

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private Http() {}

  /** Sends a GET request; empty if there is no response. */
  static Optional<HttpResponse<String>> tryGet(URI address) {
    try {
      return Optional.of(send("GET", address, PROBE_TIMEOUT));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static HttpResponse<String> send(String method, URI address) throws IOException {
    return send(method, address, TIMEOUT);
  }

  private static HttpResponse<String> send(String method, URI address, Duration timeout)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(withoutCredentials(address))
            .timeout(timeout)
            .method(method, HttpRequest.BodyPublishers.noBody());
    String credentials = address.getUserInfo();
    if (credentials != null) {
      byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static URI withoutCredentials(URI address) {
    String text = address.toString();
    String userInfo = address.getRawUserInfo();
    return userInfo == null ? address : URI.create(text.replace(userInfo + "@", ""));
  }
}
