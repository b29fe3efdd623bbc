package dev.docket.workerapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Lease;
import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeartbeatThrottleTest {

  private long nanos = Long.MAX_VALUE - 5;
  private final HeartbeatThrottle throttle = new HeartbeatThrottle(() -> nanos);

  private static Lease lease(int seconds) {
    return new Lease("w", "claim", seconds, Instant.EPOCH, false, null, null);
  }

  private static ReportItem.Heartbeat heartbeat(String task, String claimId) {
    return new ReportItem.Heartbeat("w", task, 1, "run", claimId);
  }

  @Test
  void heartbeatOfOneTaskDoesNotSkipThatOfAnotherWithTheSameClaimId() {
    throttle.onWritten(heartbeat("attackers", "claim"), lease(60));
    assertThat(throttle.skips(heartbeat("attackers", "claim"))).isTrue();
    assertThat(throttle.skips(heartbeat("victims", "claim"))).isFalse();
  }

  @Test
  void skipsHeartbeatsWithinAQuarterOfTheLease() {
    throttle.onWritten(heartbeat("task", "claim"), lease(60));
    nanos += Duration.ofSeconds(14).toNanos();
    assertThat(throttle.skips(heartbeat("task", "claim"))).isTrue();
    assertThat(throttle.skips(heartbeat("task", "other"))).isFalse();
    nanos += Duration.ofSeconds(2).toNanos();
    assertThat(throttle.skips(heartbeat("task", "claim"))).isFalse();
  }

  /** A client sends a heartbeat each third of the lease, at most 60 s apart. */
  @ParameterizedTest
  @ValueSource(ints = {3, 60, 180, 600, 900, 1200, 3600})
  void writesEveryHeartbeatOfADocketWorker(int seconds) {
    throttle.onWritten(heartbeat("task", "claim"), lease(seconds));
    nanos += Math.min(Duration.ofSeconds(seconds).toNanos() / 3, Duration.ofSeconds(60).toNanos());
    assertThat(throttle.skips(heartbeat("task", "claim"))).isFalse();
  }
}
