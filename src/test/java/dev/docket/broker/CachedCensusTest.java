package dev.docket.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CachedCensusTest {

  private long nanos;
  private int requests;
  private boolean unavailable;

  private final Census census =
      new CachedCensus(
          () -> {
            requests++;
            if (unavailable) {
              throw new BrokerUnavailable("unreachable");
            }
            return List.of(new Census.Queue("q", requests, 0, 0, List.of(), true, List.of()));
          },
          () -> nanos);

  @Test
  void cachesAResultForOneSecond() {
    assertThat(census.queues().get(0).ready()).isEqualTo(1);
    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(census.queues().get(0).ready()).isEqualTo(1);
    nanos += 1;
    assertThat(census.queues().get(0).ready()).isEqualTo(2);
  }

  @Test
  void cachesAnErrorForTenSeconds() {
    unavailable = true;
    assertThatThrownBy(census::queues)
        .isInstanceOf(BrokerUnavailable.class)
        .hasMessage("unreachable");
    nanos += Duration.ofSeconds(10).toNanos();
    assertThatThrownBy(census::queues).isInstanceOf(BrokerUnavailable.class);
    assertThat(requests).isEqualTo(1);
    nanos += 1;
    unavailable = false;
    assertThat(census.queues()).hasSize(1);
  }
}
