package dev.docket.worker;

import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerSlotsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final WorkerSlots slots = new WorkerSlots(4);

  @Test
  void untilSomethingIsKnownThereAreAsManyAsThreads() {
    assertThat(slots.window()).isEqualTo(4);
    assertThat(slots.freeWithin(HOUR)).isFalse();
    for (int i = 0; i < 4; i++) {
      assertThat(slots.tryTake()).isTrue();
    }
    assertThat(slots.tryTake()).isFalse();
    assertThat(slots.free()).isZero();
  }

  @Test
  void shortRunsAreClaimedAheadUpToALimit() {
    slots.ran(Duration.ofMillis(50).toNanos());
    assertThat(slots.window()).isEqualTo(4 + 8);
    for (int i = 0; i < 100; i++) {
      slots.ran(1_000);
    }
    assertThat(slots.window()).isEqualTo(4 + 128);
    assertThat(slots.freeWithin(SECOND)).isTrue();
  }

  @Test
  void oneLongRunEndsThatAtOnceAndForAWhile() {
    for (int i = 0; i < 100; i++) {
      slots.ran(1_000);
    }
    slots.ran(HOUR.toNanos());
    assertThat(slots.window()).isEqualTo(4);
    assertThat(slots.freeWithin(SECOND)).isFalse();
    slots.ran(1_000);
    assertThat(slots.window()).isEqualTo(4);
  }

  @Test
  void aSmallerWindowTakesNoPlaceAway() {
    slots.ran(1_000);
    assertThat(slots.window()).isEqualTo(4 + 128);
    for (int i = 0; i < 10; i++) {
      assertThat(slots.tryTake()).isTrue();
    }
    slots.ran(HOUR.toNanos());
    assertThat(slots.tryTake()).isFalse();
    assertThat(slots.free()).isZero();
    slots.release(7);
    assertThat(slots.free()).isEqualTo(1);
  }

  @Test
  void whoWaitsForAPlaceGetsAllThereAre() throws InterruptedException {
    assertThat(slots.takeAll(1000)).isEqualTo(4);
    AtomicInteger freed = new AtomicInteger();
    slots.whenFreed(freed::incrementAndGet);
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return slots.takeAll(1);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    slots.release(2);
    await().untilAsserted(() -> assertThat(waiting).isCompletedWithValue(1));
    assertThat(slots.free()).isEqualTo(1);
    assertThat(freed).hasValue(1);
  }

  @Test
  void waitingForAllToBeFreeHasALimit() throws InterruptedException {
    assertThat(slots.awaitAllFree(Duration.ZERO)).isTrue();
    assertThat(slots.tryTake()).isTrue();
    assertThat(slots.awaitAllFree(Duration.ofMillis(10))).isFalse();
    slots.release(1);
    assertThat(slots.awaitAllFree(Duration.ZERO)).isTrue();
  }
}
