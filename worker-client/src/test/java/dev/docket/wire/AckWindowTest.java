package dev.docket.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.AckWindow.Ack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AckWindowTest {

  private final AckWindow window = new AckWindow();

  @Test
  void acknowledgesAllBelowFirstUndecidedTogether() {
    deliver(1, 4);
    decide(1, 2, 3);

    assertThat(window.take()).containsExactly(new Ack(3, true));
    assertThat(window.take()).isEmpty();
    assertThat(window.isEmpty()).isFalse();
  }

  @Test
  void acknowledgesEachAboveFirstUndecidedAlone() {
    deliver(1, 6);
    decide(1, 3, 5);

    assertThat(window.take())
        .containsExactly(new Ack(1, true), new Ack(3, false), new Ack(5, false));

    decide(2, 4, 6);
    assertThat(window.take()).containsExactly(new Ack(6, true));
    assertThat(window.isEmpty()).isTrue();
  }

  @Test
  void acknowledgesDeliveryDecidedTwiceOnce() {
    deliver(1, 1);
    decide(1, 1);
    assertThat(window.take()).hasSize(1);
    decide(1);
    assertThat(window.take()).isEmpty();
  }

  /** Compares with the unacknowledged deliveries that a broker would count. */
  @Test
  void acknowledgesExactlyDecidedDeliveriesInAnyOrder() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      AckWindow shuffled = new AckWindow();
      Set<Long> unacknowledged = new HashSet<>();
      Set<Long> undecided = new HashSet<>();
      List<Long> order = new ArrayList<>();
      for (long tag = 1; tag <= 30; tag++) {
        shuffled.delivered(tag);
        unacknowledged.add(tag);
        undecided.add(tag);
        order.add(tag);
      }
      Collections.shuffle(order, random);
      for (long tag : order) {
        shuffled.decided(tag);
        undecided.remove(tag);
        if (random.nextBoolean()) {
          for (Ack ack : shuffled.take()) {
            assertThat(unacknowledged.remove(ack.tag())).isTrue();
            if (ack.multiple()) {
              unacknowledged.removeIf(lower -> lower < ack.tag());
            }
          }
          assertThat(unacknowledged).isEqualTo(undecided);
        }
      }
    }
  }

  private void deliver(long first, long last) {
    for (long tag = first; tag <= last; tag++) {
      window.delivered(tag);
    }
  }

  private void decide(long... tags) {
    for (long tag : tags) {
      window.decided(tag);
    }
  }
}
