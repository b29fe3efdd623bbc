package dev.docket.worker;

import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PlacesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Places places = new Places(4);

  @Test
  void untilSomethingIsKnownThereAreAsManyAsThreads() {
    assertThat(places.window()).isEqualTo(4);
    assertThat(places.freeWithin(HOUR)).isFalse();
    for (int i = 0; i < 4; i++) {
      assertThat(places.tryTake()).isTrue();
    }
    assertThat(places.tryTake()).isFalse();
    assertThat(places.free()).isZero();
  }

  @Test
  void shortRunsAreClaimedAheadUpToALimit() {
    places.ran(Duration.ofMillis(50).toNanos());
    assertThat(places.window()).isEqualTo(4 + 8);
    for (int i = 0; i < 100; i++) {
      places.ran(1_000);
    }
    assertThat(places.window()).isEqualTo(4 + 128);
    assertThat(places.freeWithin(SECOND)).isTrue();
  }

  @Test
  void oneLongRunEndsThatAtOnceAndForAWhile() {
    for (int i = 0; i < 100; i++) {
      places.ran(1_000);
    }
    places.ran(HOUR.toNanos());
    assertThat(places.window()).isEqualTo(4);
    assertThat(places.freeWithin(SECOND)).isFalse();
    places.ran(1_000);
    assertThat(places.window()).isEqualTo(4);
  }

  @Test
  void aSmallerWindowTakesNoPlaceAway() {
    places.ran(1_000);
    assertThat(places.window()).isEqualTo(4 + 128);
    for (int i = 0; i < 10; i++) {
      assertThat(places.tryTake()).isTrue();
    }
    places.ran(HOUR.toNanos());
    assertThat(places.tryTake()).isFalse();
    assertThat(places.free()).isZero();
    places.release(7);
    assertThat(places.free()).isEqualTo(1);
  }

  @Test
  void whoWaitsForAPlaceGetsAllThereAre() throws InterruptedException {
    assertThat(places.takeAll(1000)).isEqualTo(4);
    AtomicInteger freed = new AtomicInteger();
    places.whenFreed(freed::incrementAndGet);
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return places.takeAll(1);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    places.release(2);
    await().untilAsserted(() -> assertThat(waiting).isCompletedWithValue(1));
    assertThat(places.free()).isEqualTo(1);
    assertThat(freed).hasValue(1);
  }

  @Test
  void waitingForAllToBeFreeHasALimit() throws InterruptedException {
    assertThat(places.awaitAllFree(Duration.ZERO)).isTrue();
    assertThat(places.tryTake()).isTrue();
    assertThat(places.awaitAllFree(Duration.ofMillis(10))).isFalse();
    places.release(1);
    assertThat(places.awaitAllFree(Duration.ZERO)).isTrue();
  }
}
