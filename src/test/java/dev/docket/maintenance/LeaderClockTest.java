package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LeaderClockTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000Z");

  private final LeaderClock clock = new LeaderClock(Clock.fixed(NOON, ZoneOffset.UTC));

  private long added() {
    return Duration.between(NOON, clock.instant()).toMillis();
  }

  private void heard(long millis, long atMostAgo) {
    clock.heard(NOON.plusMillis(millis), Duration.ofMillis(atMostAgo));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "3000, 0, 0",
    "3001, 0, 3001",
    "3001, 2000, 5001",
    "-5000, 2000, 0",
    "-5001, 2000, -3001",
    "-60000, 4000, -56000"
  })
  void aDifferenceCountsOnceItIsSure(long stamped, long atMostAgo, long added) {
    heard(stamped, atMostAgo);
    assertThat(added()).isEqualTo(added);
  }

  @Test
  void itDoesNotJumpWhileWhatItGoesByMayBeRight() {
    heard(60_000, 2_000);
    heard(58_500, 2_000);
    heard(64_000, 2_000);
    assertThat(added()).isEqualTo(62_000);
    heard(65_001, 2_000);
    assertThat(added()).isEqualTo(67_001);
  }

  @Test
  void aClockThatIsRightAgainIsGoneBy() {
    heard(60_000, 0);
    heard(1_000, 0);
    assertThat(added()).isZero();
    heard(60_000, 0);
    clock.lead();
    assertThat(added()).isZero();
  }
}
