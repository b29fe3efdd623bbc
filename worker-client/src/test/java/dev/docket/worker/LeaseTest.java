package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.RunId;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LeaseTest {

  /** The server takes a worker for lost after 1.5 lease times, and at most five minutes. */
  @ParameterizedTest
  @CsvSource({"60,20", "180,60", "900,60", "1200,60", "3600,60"})
  void heartbeatsKeepALeaseOfAnyLength(int seconds, int interval) {
    Lease lease = Lease.of(new RunId("task", 1, "run"), "claim", seconds);
    assertThat(lease.heartbeatInterval()).isEqualTo(Duration.ofSeconds(interval));
    Duration silenceTimeout = Duration.ofSeconds(Math.min(300, seconds * 3 / 2));
    assertThat(lease.heartbeatInterval().multipliedBy(4)).isLessThan(silenceTimeout);
  }
}
