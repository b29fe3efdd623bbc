package dev.docket.elastic.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class BatcherTest {

  private final Deque<Sent> underWay = new ArrayDeque<>();
  private final List<List<String>> sent = new ArrayList<>();

  private record Sent(List<String> batch, CompletableFuture<Void> answered) {}

  private Batcher<String> batcher(BatchLimits limits) {
    return new Batcher<>(
        limits,
        String::length,
        batch -> {
          Sent one = new Sent(batch, new CompletableFuture<>());
          underWay.add(one);
          sent.add(batch);
          return one.answered();
        });
  }

  private void answerOldest() {
    underWay.remove().answered().complete(null);
  }

  /**
   * A stream of lines has 500 in flight: that, and no timer or lane, is what keeps others going.
   */
  @Test
  void amongEightStreamsASingleWriteWaitsForFourBatches() {
    Batcher<String> batcher = batcher(BatchLimits.forWriting(1));
    batcher.offer("first");
    for (int i = 0; i < 8 * 500; i++) {
      assertThat(batcher.offer("stream")).isTrue();
    }
    assertThat(batcher.offer("claim")).isTrue();

    int answered = 0;
    while (sent.stream().noneMatch(batch -> batch.contains("claim"))) {
      List<String> batch = underWay.element().batch();
      answerOldest();
      answered++;
      // Each stream sends as much as it was answered.
      batch.stream().filter("stream"::equals).forEach(batcher::offer);
    }

    assertThat(answered - 1).as("full batches before it").isEqualTo(4);
  }

  @Test
  void withTwoRequestsAtOnceItIsTwoRounds() {
    Batcher<String> batcher = batcher(BatchLimits.forWriting(2));
    batcher.offer("first");
    batcher.offer("second");
    for (int i = 0; i < 8 * 500; i++) {
      batcher.offer("stream");
    }
    batcher.offer("claim");

    int rounds = 0;
    while (sent.stream().noneMatch(batch -> batch.contains("claim"))) {
      answerOldest();
      answerOldest();
      rounds++;
    }

    assertThat(rounds - 1).isEqualTo(2);
  }

  @Test
  void aLargeItemGoesAloneAndWhatComesBehindItGoesWithTheNext() {
    Batcher<String> batcher = batcher(new BatchLimits(10, 8, 1, 100, 100));
    batcher.offer("first");
    batcher.offer("a");
    batcher.offer("larger than eight");
    batcher.offer("b");
    batcher.offer("c");
    while (!underWay.isEmpty()) {
      answerOldest();
    }

    assertThat(sent)
        .containsExactly(
            List.of("first"), List.of("a"), List.of("larger than eight"), List.of("b", "c"));
  }

  @Test
  void theLastQuarterOfTheRoomIsForWhatIsUnderWay() {
    Batcher<String> batcher = batcher(new BatchLimits(10, 1_000, 1, 8, 1_000));
    for (int i = 0; i < 6; i++) {
      assertThat(batcher.offerModestly("new")).isTrue();
    }
    assertThat(batcher.offerModestly("new")).isFalse();
    assertThat(batcher.offer("move")).isTrue();
    assertThat(batcher.offer("move")).isTrue();
    assertThat(batcher.offer("move")).isFalse();
  }

  @Test
  void andSoItIsOfBytes() {
    Batcher<String> batcher = batcher(new BatchLimits(10, 1_000, 1, 100, 8));
    assertThat(batcher.offerModestly("five5")).isTrue();
    assertThat(batcher.offerModestly("to")).isFalse();
    assertThat(batcher.offer("two")).isTrue();
    assertThat(batcher.offer("1")).isFalse();
  }
}
