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
  void capacityIsConcurrencyUntilDurationIsKnown() {
    assertThat(slots.capacity()).isEqualTo(4);
    assertThat(slots.expectsFreeSlotWithin(HOUR)).isFalse();
    for (int i = 0; i < 4; i++) {
      assertThat(slots.tryAcquire()).isTrue();
    }
    assertThat(slots.tryAcquire()).isFalse();
    assertThat(slots.free()).isZero();
  }

  @Test
  void shortRunsRaiseCapacityUpToLimit() {
    slots.recordDuration(Duration.ofMillis(50).toNanos());
    assertThat(slots.capacity()).isEqualTo(4 + 8);
    for (int i = 0; i < 100; i++) {
      slots.recordDuration(1_000);
    }
    assertThat(slots.capacity()).isEqualTo(4 + 128);
    assertThat(slots.expectsFreeSlotWithin(SECOND)).isTrue();
  }

  @Test
  void longRunLowersCapacityImmediately() {
    for (int i = 0; i < 100; i++) {
      slots.recordDuration(1_000);
    }
    slots.recordDuration(HOUR.toNanos());
    assertThat(slots.capacity()).isEqualTo(4);
    assertThat(slots.expectsFreeSlotWithin(SECOND)).isFalse();
    slots.recordDuration(1_000);
    assertThat(slots.capacity()).isEqualTo(4);
  }

  @Test
  void lowerCapacityKeepsUsedSlots() {
    slots.recordDuration(1_000);
    assertThat(slots.capacity()).isEqualTo(4 + 128);
    for (int i = 0; i < 10; i++) {
      assertThat(slots.tryAcquire()).isTrue();
    }
    slots.recordDuration(HOUR.toNanos());
    assertThat(slots.tryAcquire()).isFalse();
    assertThat(slots.free()).isZero();
    slots.release(7);
    assertThat(slots.free()).isEqualTo(1);
  }

  @Test
  void acquiresAllFreeSlotsAfterWaiting() throws InterruptedException {
    assertThat(slots.acquireUpTo(1000)).isEqualTo(4);
    AtomicInteger releases = new AtomicInteger();
    slots.onRelease(releases::incrementAndGet);
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return slots.acquireUpTo(1);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    slots.release(2);
    await().untilAsserted(() -> assertThat(waiting).isCompletedWithValue(1));
    assertThat(slots.free()).isEqualTo(1);
    assertThat(releases).hasValue(1);
  }

  @Test
  void awaitAllFreeHasLimit() throws InterruptedException {
    assertThat(slots.awaitAllFree(Duration.ZERO)).isTrue();
    assertThat(slots.tryAcquire()).isTrue();
    assertThat(slots.awaitAllFree(Duration.ofMillis(10))).isFalse();
    slots.release(1);
    assertThat(slots.awaitAllFree(Duration.ZERO)).isTrue();
  }
}
