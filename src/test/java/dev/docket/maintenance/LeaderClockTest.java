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

  private long offset() {
    return Duration.between(NOON, clock.instant()).toMillis();
  }

  private void synchronize(long millis, long maxAge) {
    clock.synchronize(NOON.plusMillis(millis), Duration.ofMillis(maxAge));
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
  void adjustsOnlyToCertainDifference(long leaderTime, long maxAge, long offset) {
    synchronize(leaderTime, maxAge);
    assertThat(offset()).isEqualTo(offset);
  }

  @Test
  void keepsOffsetWhileItIsPlausible() {
    synchronize(60_000, 2_000);
    synchronize(58_500, 2_000);
    synchronize(64_000, 2_000);
    assertThat(offset()).isEqualTo(62_000);
    synchronize(65_001, 2_000);
    assertThat(offset()).isEqualTo(67_001);
  }

  @Test
  void resetsOffsetWhenClocksAgreeAgainOrServerLeads() {
    synchronize(60_000, 0);
    synchronize(1_000, 0);
    assertThat(offset()).isZero();
    synchronize(60_000, 0);
    clock.lead();
    assertThat(offset()).isZero();
  }
}
