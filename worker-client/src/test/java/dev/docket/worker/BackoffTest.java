package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  @Test
  void doublesDelayUpToLimitWithJitter() {
    for (long max : new long[] {100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000}) {
      assertThat(backoff.next()).isBetween(Duration.ofMillis(max / 2), Duration.ofMillis(max));
    }
    Stream.generate(backoff::next)
        .limit(100)
        .forEach(wait -> assertThat(wait).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
    assertThat(Stream.generate(backoff::next).limit(20).distinct().count()).isGreaterThan(1);
  }

  @Test
  void resetRestartsAtInitialDelay() {
    backoff.next();
    backoff.next();
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(100));
  }
}
