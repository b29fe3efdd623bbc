package dev.docket.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CachedCensusTest {

  private long nanos;
  private int looks;
  private boolean away;

  private final Census census =
      new CachedCensus(
          () -> {
            looks++;
            if (away) {
              throw new BrokerUnavailable("away");
            }
            return List.of(new Census.Queue("q", looks, 0, 0, List.of()));
          },
          () -> nanos);

  @Test
  void looksWithinASecondAreOne() {
    assertThat(census.queues().get(0).ready()).isEqualTo(1);
    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(census.queues().get(0).ready()).isEqualTo(1);
    nanos += 1;
    assertThat(census.queues().get(0).ready()).isEqualTo(2);
  }

  @Test
  void aBrokerThatIsAwayIsLeftAloneForTenSeconds() {
    away = true;
    assertThatThrownBy(census::queues).isInstanceOf(BrokerUnavailable.class).hasMessage("away");
    nanos += Duration.ofSeconds(10).toNanos();
    assertThatThrownBy(census::queues).isInstanceOf(BrokerUnavailable.class);
    assertThat(looks).isEqualTo(1);
    nanos += 1;
    away = false;
    assertThat(census.queues()).hasSize(1);
  }
}
