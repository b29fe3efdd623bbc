package dev.docket.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LossDetectorTest {

  private final LossDetector detector =
      new LossDetector(LossDetectionSettings.of(Duration.ofSeconds(5)));

  /** Adds a comparison of a queue with this number of messages, for a hundred tasks. */
  private List<LossDetector.DetectedLoss> compare(int seconds, long messages) {
    return detector.add(of(messages).compareAt(seconds));
  }

  private static ComparisonSamples of(long messages) {
    return new ComparisonSamples()
        .queue("q", messages, 0, "D:Video.ASR")
        .tasks("docket", "Video", "ASR", 100);
  }

  private void recordRepair(LossDetector.DetectedLoss loss, boolean repeated, int seconds) {
    detector.recordRepair(loss, repeated, ComparisonSamples.START.plusSeconds(seconds));
  }

  @Test
  void reportsMedianAfterThreeComparisonsAgree() {
    assertThat(compare(0, 90)).isEmpty();
    assertThat(compare(10, 93)).isEmpty();
    assertThat(compare(20, 91))
        .singleElement()
        .extracting(LossDetector.DetectedLoss::tasks)
        .isEqualTo(9L);
  }

  @Test
  void reportsAllLostIfMostAndLastComparisonFoundNoMessage() {
    compare(0, 1);
    compare(10, 0);
    assertThat(compare(20, 0))
        .singleElement()
        .extracting(LossDetector.DetectedLoss::tasks)
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void reportsSomeLostIfLastComparisonFoundMessages() {
    compare(0, 0);
    compare(10, 0);
    assertThat(compare(20, 1))
        .singleElement()
        .extracting(LossDetector.DetectedLoss::tasks)
        .isEqualTo(100L);
  }

  @Test
  void reportsSomeLostIfOnlyLastComparisonFoundNoMessage() {
    compare(0, 2);
    compare(10, 1);
    assertThat(compare(20, 0))
        .singleElement()
        .extracting(LossDetector.DetectedLoss::tasks)
        .isEqualTo(99L);
  }

  @Test
  void keepsStreakRightAfterRepair() {
    compare(0, 10);
    compare(10, 10);
    recordRepair(compare(20, 10).get(0), false, 20);
    compare(25, 90);
    assertThat(compare(30, 100)).isEmpty();
    compare(35, 99);
    assertThat(compare(40, 99)).hasSize(1);
  }

  @Test
  void comparisonWithoutLossEndsStreak() {
    compare(0, 90);
    compare(10, 90);
    assertThat(compare(20, 100)).isEmpty();
    assertThat(compare(30, 90)).isEmpty();
    assertThat(compare(40, 90)).isEmpty();
    assertThat(compare(50, 90)).hasSize(1);
  }

  @Test
  void ignoresComparisonsThatAreTooClose() {
    compare(0, 90);
    for (int i = 1; i < 5; i++) {
      assertThat(compare(i, 90)).isEmpty();
    }
    assertThat(compare(5, 90)).isEmpty();
    assertThat(compare(9, 90)).isEmpty();
    assertThat(compare(10, 90)).hasSize(1);
  }

  @Test
  void unknownComparisonEndsStreakAndPendingRepliesDoNot() {
    ComparisonSamples dane =
        new ComparisonSamples().queue("n", 0, 0, "N:#").tasks("dane", "Video", "ASR", 5);
    detector.add(dane.compareAt(0));
    detector.add(dane.compareAt(10));
    assertThat(detector.add(dane.pendingReplies(3L).compareAt(20))).isEmpty();
    assertThat(detector.add(dane.pendingReplies(0L).compareAt(30))).hasSize(1);
    detector.add(dane.pendingReplies(null).compareAt(40));
    assertThat(detector.add(dane.pendingReplies(0L).compareAt(50))).isEmpty();
  }

  @Test
  void groupThatDisappearsStartsNewStreak() {
    compare(0, 90);
    compare(10, 90);
    detector.add(List.of());
    assertThat(compare(20, 90)).isEmpty();
  }

  @Test
  void changedQueuesStartNewStreak() {
    compare(0, 90);
    compare(10, 90);
    ComparisonSamples more = of(90).queue("r", 0, 0, "D:#");
    assertThat(detector.add(more.compareAt(20))).isEmpty();
  }

  @Test
  void newRoutesOfSameQueuesKeepStreak() {
    compare(0, 90);
    compare(10, 90);
    ComparisonSamples more =
        new ComparisonSamples()
            .queue("q", 90, 0, "D:Video.ASR", "D:#.OCR")
            .tasks("docket", "Video", "ASR", 100)
            .tasks("docket", "Video", "OCR", 0, 1);
    assertThat(detector.add(more.compareAt(20))).hasSize(1);
  }

  @Test
  void resetStartsNewStreak() {
    compare(0, 90);
    compare(10, 90);
    detector.reset();
    assertThat(compare(20, 90)).isEmpty();
  }

  @Test
  void backsOffAfterIneffectiveRepairs() {
    List<Integer> repairs = new ArrayList<>();
    for (int i = 0; i < 3_600; i += 10) {
      List<LossDetector.DetectedLoss> losses = compare(i, 90);
      if (!losses.isEmpty()) {
        recordRepair(losses.get(0), !repairs.isEmpty(), i);
        repairs.add(i);
      }
    }
    assertThat(repairs).startsWith(20, 50, 80, 110, 170, 290).hasSizeLessThan(14);
    assertThat(repairs.get(repairs.size() - 1) - repairs.get(repairs.size() - 2)).isEqualTo(600);
  }

  @Test
  void doesNotBackOffIfRepairsAreNotRepeated() {
    List<Integer> repairs = new ArrayList<>();
    for (int i = 0; i < 300; i += 10) {
      List<LossDetector.DetectedLoss> losses = compare(i, 90);
      if (!losses.isEmpty()) {
        recordRepair(losses.get(0), false, i);
        repairs.add(i);
      }
    }
    assertThat(repairs).startsWith(20, 50, 80, 110, 140, 170, 200);
  }

  @Test
  void effectiveRepairResetsBackoff() {
    for (int round = 0; round < 5; round++) {
      int start = round * 100;
      compare(start, 90);
      compare(start + 10, 90);
      recordRepair(compare(start + 20, 90).get(0), true, start + 20);
      for (int i = 30; i < 100; i += 10) {
        assertThat(compare(start + i, 100)).isEmpty();
      }
    }
  }

  /**
   * A broker that loses nothing, whose statistics are up to five seconds old, with tasks that are
   * published, claimed and completed at random. No loss may ever be detected.
   */
  @Test
  void neverReportsLossWhileNothingIsLost() {
    for (int seed = 0; seed < 300; seed++) {
      SimulatedBroker broker = new SimulatedBroker(new Random(seed), seed % 2 == 0);
      LossDetector simulated = new LossDetector(LossDetectionSettings.of(Duration.ofSeconds(5)));
      for (int census = 0; census < 60; census++) {
        List<Comparison> compared = broker.compare();
        assertThat(compared).as("seed " + seed).allMatch(c -> c.missing() == 0);
        assertThat(simulated.add(compared)).as("seed " + seed).isEmpty();
      }
    }
  }

  @Test
  void alwaysDetectsLoss() {
    for (int seed = 0; seed < 100; seed++) {
      SimulatedBroker broker = new SimulatedBroker(new Random(seed), seed % 2 == 0);
      LossDetector simulated = new LossDetector(LossDetectionSettings.of(Duration.ofSeconds(5)));
      broker.compare();
      broker.loseAll();
      boolean found = false;
      for (int census = 0; census < 60 && !found; census++) {
        found = !simulated.add(broker.compare()).isEmpty();
      }
      assertThat(found).as("seed " + seed).isEqualTo(broker.lost() > 0);
    }
  }
}
