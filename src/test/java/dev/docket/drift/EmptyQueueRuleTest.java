package dev.docket.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The experiment of ADR 25: when a loss is found by {@link LossDetector}, which counts, and when by
 * the simpler rule that a queue is empty while tasks say that they are queued. A broker with 1,000
 * messages in a queue loses some of them; producers and workers continue.
 */
final class EmptyQueueRuleTest {

  private static final int MESSAGES = 1_000;
  private static final int LAST_CENSUS = 3_600;

  /**
   * The number of messages at a second.
   *
   * @param growth messages published minus messages taken by workers, for each second
   */
  private static long messages(int second, int lost, double growth) {
    return Math.max(0, Math.round(MESSAGES - lost + growth * second));
  }

  /** Compares as a census each ten seconds does. The tasks of lost messages stay queued. */
  private static List<Comparison> compare(int second, int lost, double growth) {
    long messages = messages(second, lost, growth);
    return new ComparisonSamples()
        .queue("q", messages, 0, "D:Video.ASR")
        .tasks("docket", "Video", "ASR", messages + lost)
        .compareAt(second);
  }

  private static OptionalInt foundByCounting(int lost, double growth) {
    LossDetector detector = new LossDetector(LossDetectionSettings.of(Duration.ofSeconds(5)));
    for (int second = 0; second <= LAST_CENSUS; second += 10) {
      if (!detector.add(compare(second, lost, growth)).isEmpty()) {
        return OptionalInt.of(second);
      }
    }
    return OptionalInt.empty();
  }

  /** Three censuses must agree here, too. */
  private static OptionalInt foundByEmptyQueue(int lost, double growth) {
    int agreed = 0;
    for (int second = 0; second <= LAST_CENSUS; second += 10) {
      Comparison comparison = compare(second, lost, growth).get(0);
      agreed = comparison.empty() && comparison.missing() > 0 ? agreed + 1 : 0;
      if (agreed == 3) {
        return OptionalInt.of(second);
      }
    }
    return OptionalInt.empty();
  }

  @ParameterizedTest
  @CsvSource({
    // all messages lost, and no new ones
    "1000, 0, 20, 20",
    // half of them, or one, while workers drain the queue
    "500, -1, 20, 520",
    "1, -1, 20, 1020",
    // half of them, or one, while producers keep the queue filled
    "500, 0, 20,",
    "1, 0, 20,",
    // all of them, while producers are faster than workers
    "1000, 0.5, 20,",
  })
  void countingFindsLossesThatLeaveTheQueueFilled(
      int lost, double growth, int seconds, Integer secondsOfEmptyQueueRule) {
    assertThat(foundByCounting(lost, growth)).hasValue(seconds);
    assertThat(foundByEmptyQueue(lost, growth))
        .isEqualTo(
            secondsOfEmptyQueueRule == null
                ? OptionalInt.empty()
                : OptionalInt.of(secondsOfEmptyQueueRule));
  }
}
