package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerReplyTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static ServerReply reply(int status, String body) {
    return new ServerReply(status, Optional.empty(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Duration> retryAfter(String header) {
    return new ServerReply(503, Optional.of(header), new byte[0]).retryAfter(NOW);
  }

  @Test
  void retryAfterIsSecondsOrADate() {
    assertThat(retryAfter("7")).contains(Duration.ofSeconds(7));
    assertThat(retryAfter("Sun, 01 Mar 2026 12:00:09 GMT")).contains(Duration.ofSeconds(9));
    assertThat(retryAfter("Sun, 01 Mar 2026 11:59:00 GMT")).isEmpty();
    assertThat(retryAfter("soon")).isEmpty();
    assertThat(retryAfter("-3")).isEmpty();
    assertThat(retryAfter("86400")).contains(Duration.ofMinutes(1));
  }

  @Test
  void whyIsTheProblemsDetailOrElseTheText() {
    assertThat(reply(400, "{\"title\":\"Bad\",\"detail\":\"no such key\"}").why())
        .isEqualTo("no such key");
    assertThat(reply(400, "plain").why()).isEqualTo("plain");
    assertThat(reply(400, "").why()).isEqualTo("status 400");
    assertThat(reply(413, "x".repeat(1000)).why()).hasSize(200);
  }

  @Test
  void onlyAPersonMendsAWrongTokenOrAddress() {
    assertThat(List.of(301, 401, 403, 404, 405)).allMatch(status -> reply(status, "").hopeless());
    assertThat(List.of(200, 400, 408, 413, 422, 429, 500, 503))
        .noneMatch(status -> reply(status, "").hopeless());
    assertThat(reply(401, "").error()).hasValueSatisfying(it -> assertThat(it).contains("token"));
    assertThat(reply(404, "").error()).hasValueSatisfying(it -> assertThat(it).contains("address"));
    assertThat(reply(429, "").error()).isEmpty();
  }
}
