package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.Response;
import java.io.Serial;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TooManyRequestsTest {

  @Test
  void respondsWithProblemDocument() {
    Response response =
        ErrorsFeature.response(new TooManyRequests("too many", Duration.ofSeconds(7)));

    assertThat(response.getStatus()).isEqualTo(429);
    assertThat(response.getMediaType()).hasToString(ProblemBody.MEDIA_TYPE);
    assertThat(response.getHeaderString("Retry-After")).isEqualTo("7");
    ProblemBody body = (ProblemBody) response.getEntity();
    assertThat(body.type()).isEqualTo("urn:docket:problem:too-many-requests");
    assertThat(body.title()).isEqualTo("Too Many Requests");
    assertThat(body.detail()).isEqualTo("too many");
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 1", "PT0.001S, 1", "PT1S, 1", "PT1.001S, 2", "PT1M, 60"})
  void roundsTimeToRetryUp(Duration retryAfter, String seconds) {
    Response response = ErrorsFeature.response(new TooManyRequests("too many", retryAfter));

    assertThat(response.getHeaderString("Retry-After")).isEqualTo(seconds);
  }

  @Test
  void problemOfThisKindWithoutTimeHasDefault() {
    Response response = ErrorsFeature.response(new OtherProblem());

    assertThat(response.getStatus()).isEqualTo(429);
    assertThat(response.getHeaderString("Retry-After")).isEqualTo("2");
  }

  private static final class OtherProblem extends Problem {

    @Serial private static final long serialVersionUID = 1;

    private OtherProblem() {
      super(Kind.TOO_MANY_REQUESTS, "too many");
    }
  }
}
