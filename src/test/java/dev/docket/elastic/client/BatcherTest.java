package dev.docket.elastic.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class BatcherTest {

  private final Deque<Sent> inFlight = new ArrayDeque<>();
  private final List<List<String>> sent = new ArrayList<>();

  private record Sent(List<String> batch, CompletableFuture<Void> completion) {}

  private Batcher<String> batcher(BatchLimits limits) {
    return new Batcher<>(
        limits,
        String::length,
        batch -> {
          Sent request = new Sent(batch, new CompletableFuture<>());
          inFlight.add(request);
          sent.add(batch);
          return request.completion();
        });
  }

  private void completeOldest() {
    inFlight.remove().completion().complete(null);
  }

  /**
   * An NDJSON stream has at most 500 writes in flight. That limit, without a timer or priorities,
   * bounds the wait of other writers.
   */
  @Test
  void singleWriteWaitsForFourBatchesOfEightStreams() {
    Batcher<String> batcher = batcher(BatchLimits.forWriting(1));
    batcher.offer("first");
    for (int i = 0; i < 8 * 500; i++) {
      assertThat(batcher.offer("stream")).isTrue();
    }
    assertThat(batcher.offer("claim")).isTrue();

    int completed = 0;
    while (sent.stream().noneMatch(batch -> batch.contains("claim"))) {
      List<String> batch = inFlight.element().batch();
      completeOldest();
      completed++;
      // Each stream sends one item for each completed one.
      batch.stream().filter("stream"::equals).forEach(batcher::offer);
    }

    assertThat(completed - 1).as("full batches before it").isEqualTo(4);
  }

  @Test
  void twoConcurrentRequestsHalveTheWait() {
    Batcher<String> batcher = batcher(BatchLimits.forWriting(2));
    batcher.offer("first");
    batcher.offer("second");
    for (int i = 0; i < 8 * 500; i++) {
      batcher.offer("stream");
    }
    batcher.offer("claim");

    int rounds = 0;
    while (sent.stream().noneMatch(batch -> batch.contains("claim"))) {
      completeOldest();
      completeOldest();
      rounds++;
    }

    assertThat(rounds - 1).isEqualTo(2);
  }

  @Test
  void sendsLargeItemAloneAndFollowingItemsTogether() {
    Batcher<String> batcher = batcher(new BatchLimits(10, 8, 1, 100, 100));
    batcher.offer("first");
    batcher.offer("a");
    batcher.offer("larger than eight");
    batcher.offer("b");
    batcher.offer("c");
    while (!inFlight.isEmpty()) {
      completeOldest();
    }

    assertThat(sent)
        .containsExactly(
            List.of("first"), List.of("a"), List.of("larger than eight"), List.of("b", "c"));
  }

  @Test
  void reservesLastQuarterOfItemsForNormalPriority() {
    Batcher<String> batcher = batcher(new BatchLimits(10, 1_000, 1, 8, 1_000));
    for (int i = 0; i < 6; i++) {
      assertThat(batcher.offerLowPriority("new")).isTrue();
    }
    assertThat(batcher.offerLowPriority("new")).isFalse();
    assertThat(batcher.offer("change")).isTrue();
    assertThat(batcher.offer("change")).isTrue();
    assertThat(batcher.offer("change")).isFalse();
  }

  @Test
  void reservesLastQuarterOfBytesForNormalPriority() {
    Batcher<String> batcher = batcher(new BatchLimits(10, 1_000, 1, 100, 8));
    assertThat(batcher.offerLowPriority("five5")).isTrue();
    assertThat(batcher.offerLowPriority("to")).isFalse();
    assertThat(batcher.offer("two")).isTrue();
    assertThat(batcher.offer("1")).isFalse();
  }
}
