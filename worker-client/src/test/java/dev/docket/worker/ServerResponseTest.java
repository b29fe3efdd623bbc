package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerResponseTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static ServerResponse response(int status, String body) {
    return new ServerResponse(status, headers(Map.of()), body.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Duration> retryAfter(String header) {
    return new ServerResponse(503, headers(Map.of("Retry-After", header)), new byte[0])
        .retryAfter(NOW);
  }

  private static HttpHeaders headers(Map<String, String> values) {
    Map<String, List<String>> lists = new HashMap<>();
    values.forEach((name, value) -> lists.put(name, List.of(value)));
    return HttpHeaders.of(lists, (name, value) -> true);
  }

  @Test
  void conflictWithUploadOffsetIsNotLostRun() {
    assertThat(response(409, "").isRunLost()).isTrue();
    assertThat(response(404, "").isRunLost()).isTrue();
    ServerResponse wrongOffset =
        new ServerResponse(409, headers(Map.of("Upload-Offset", "262144")), new byte[0]);
    assertThat(wrongOffset.isRunLost()).isFalse();
    assertThat(wrongOffset.isConfigurationError()).isFalse();
    assertThat(wrongOffset.uploadOffset()).hasValue(262_144);
  }

  @Test
  void ignoresUploadOffsetThatIsNoNumber() {
    ServerResponse response =
        new ServerResponse(200, headers(Map.of("Upload-Offset", "many")), new byte[0]);
    assertThat(response.uploadOffset()).isEmpty();
  }

  @Test
  void parsesRetryAfterAsSecondsOrDate() {
    assertThat(retryAfter("7")).contains(Duration.ofSeconds(7));
    assertThat(retryAfter("Sun, 01 Mar 2026 12:00:09 GMT")).contains(Duration.ofSeconds(9));
    assertThat(retryAfter("Sun, 01 Mar 2026 11:59:00 GMT")).isEmpty();
    assertThat(retryAfter("soon")).isEmpty();
    assertThat(retryAfter("-3")).isEmpty();
    assertThat(retryAfter("86400")).contains(Duration.ofMinutes(1));
  }

  @Test
  void errorDetailIsProblemDetailOrBodyText() {
    assertThat(response(400, "{\"title\":\"Bad\",\"detail\":\"no such key\"}").errorDetail())
        .isEqualTo("no such key");
    assertThat(response(400, "plain").errorDetail()).isEqualTo("plain");
    assertThat(response(400, "").errorDetail()).isEqualTo("status 400");
    assertThat(response(413, "x".repeat(1000)).errorDetail()).hasSize(200);
  }

  @Test
  void wrongTokenOrAddressIsConfigurationError() {
    assertThat(List.of(301, 401, 403, 404, 405))
        .allMatch(status -> response(status, "").isConfigurationError());
    assertThat(List.of(200, 400, 408, 413, 422, 429, 500, 503))
        .noneMatch(status -> response(status, "").isConfigurationError());
    assertThat(response(401, "").error())
        .hasValueSatisfying(error -> assertThat(error).contains("token"));
    assertThat(response(404, "").error())
        .hasValueSatisfying(error -> assertThat(error).contains("address"));
    assertThat(response(429, "").error()).isEmpty();
  }
}
