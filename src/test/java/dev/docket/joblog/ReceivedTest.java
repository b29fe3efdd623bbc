package dev.docket.joblog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ReceivedTest {

  @Test
  void knowsRangesInOrder() {
    Received received = Received.NONE.with(0, 3).with(3, 5);
    assertThat(received).isEqualTo(new Received(5, List.of()));
    assertThat(received.contains(4)).isTrue();
    assertThat(received.contains(5)).isFalse();
  }

  @Test
  void fillsGapsInAnyOrder() {
    Received received = Received.NONE.with(10, 20);
    assertThat(received.contains(9)).isFalse();
    received = received.with(4, 6);
    assertThat(received.gaps()).containsExactly(new Received.Gap(0, 4), new Received.Gap(6, 10));
    received = received.with(2, 12).with(0, 2);
    assertThat(received).isEqualTo(new Received(20, List.of()));
  }

  @Test
  void boundsNumberOfGaps() {
    Received received = Received.NONE;
    for (int i = 0; i < 100; i++) {
      received = received.with(2 * i + 1, 2 * i + 2);
    }
    assertThat(received.gaps()).hasSize(Received.MAX_GAPS);
    assertThat(received.contains(0)).isTrue();
    assertThat(received.contains(198)).isFalse();
  }
}
