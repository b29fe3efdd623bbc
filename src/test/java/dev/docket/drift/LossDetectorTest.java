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

  /** Of a queue with so many messages, for a hundred tasks. */
  private List<LossDetector.DetectedLoss> compare(int seconds, long messages) {
    return detector.add(of(messages).at(seconds));
  }

  private static ComparisonSamples of(long messages) {
    return new ComparisonSamples()
        .queue("q", messages, 0, "D:Video.ASR")
        .tasks("docket", "Video", "ASR", 100);
  }

  private void repaired(LossDetector.DetectedLoss loss, boolean again, int seconds) {
    detector.repaired(loss, again, ComparisonSamples.START.plusSeconds(seconds));
  }

  @Test
  void threeLooksMustAgreeAndTheOneBetweenCounts() {
    assertThat(compare(0, 90)).isEmpty();
    assertThat(compare(10, 93)).isEmpty();
    assertThat(compare(20, 91))
        .singleElement()
        .extracting(LossDetector.DetectedLoss::tasks)
        .isEqualTo(9L);
  }

  @Test
  void allAreLostWhereMostOfTheLooksAndTheLastFoundNoMessageAtAll() {
    compare(0, 1);
    compare(10, 0);
    assertThat(compare(20, 0))
        .singleElement()
        .extracting(LossDetector.DetectedLoss::tasks)
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void someAreLostWhereTheLastLookFoundMessages() {
    compare(0, 0);
    compare(10, 0);
    assertThat(compare(20, 1))
        .singleElement()
        .extracting(LossDetector.DetectedLoss::tasks)
        .isEqualTo(100L);
  }

  @Test
  void someAreLostWhereOnlyTheLastLookFoundNone() {
    compare(0, 2);
    compare(10, 1);
    assertThat(compare(20, 0))
        .singleElement()
        .extracting(LossDetector.DetectedLoss::tasks)
        .isEqualTo(99L);
  }

  @Test
  void rightAfterARepairWhatWasSentAgainDoesNotSpeakForTheRest() {
    compare(0, 10);
    compare(10, 10);
    repaired(compare(20, 10).get(0), false, 20);
    compare(25, 90);
    assertThat(compare(30, 100)).isEmpty();
    compare(35, 99);
    assertThat(compare(40, 99)).hasSize(1);
  }

  @Test
  void aLookThatFindsAllEndsTheStreak() {
    compare(0, 90);
    compare(10, 90);
    assertThat(compare(20, 100)).isEmpty();
    assertThat(compare(30, 90)).isEmpty();
    assertThat(compare(40, 90)).isEmpty();
    assertThat(compare(50, 90)).hasSize(1);
  }

  @Test
  void looksThatFollowTooCloselyAreOne() {
    compare(0, 90);
    for (int i = 1; i < 5; i++) {
      assertThat(compare(i, 90)).isEmpty();
    }
    assertThat(compare(5, 90)).isEmpty();
    assertThat(compare(9, 90)).isEmpty();
    assertThat(compare(10, 90)).hasSize(1);
  }

  @Test
  void aLookWithoutFiguresEndsTheStreakAndOneWhileAnswersWaitDoesNotCount() {
    ComparisonSamples dane =
        new ComparisonSamples().queue("n", 0, 0, "N:#").tasks("dane", "Video", "ASR", 5);
    detector.add(dane.at(0));
    detector.add(dane.at(10));
    assertThat(detector.add(dane.answers(3L).at(20))).isEmpty();
    assertThat(detector.add(dane.answers(0L).at(30))).hasSize(1);
    detector.add(dane.answers(null).at(40));
    assertThat(detector.add(dane.answers(0L).at(50))).isEmpty();
  }

  @Test
  void whoIsGoneForALookBeginsAnew() {
    compare(0, 90);
    compare(10, 90);
    detector.add(List.of());
    assertThat(compare(20, 90)).isEmpty();
  }

  @Test
  void otherQueuesBeginAnew() {
    compare(0, 90);
    compare(10, 90);
    ComparisonSamples more = of(90).queue("r", 0, 0, "D:#");
    assertThat(detector.add(more.at(20))).isEmpty();
  }

  @Test
  void newRoutesOfTheSameQueuesDoNot() {
    compare(0, 90);
    compare(10, 90);
    ComparisonSamples more =
        new ComparisonSamples()
            .queue("q", 90, 0, "D:Video.ASR", "D:#.OCR")
            .tasks("docket", "Video", "ASR", 100)
            .tasks("docket", "Video", "OCR", 0, 1);
    assertThat(detector.add(more.at(20))).hasSize(1);
  }

  @Test
  void forgottenBeginsAnew() {
    compare(0, 90);
    compare(10, 90);
    detector.forget();
    assertThat(compare(20, 90)).isEmpty();
  }

  @Test
  void aRepairBeginsAnewAndIsMadeMoreAndMoreSeldomWhereItDoesNotHelp() {
    List<Integer> repairs = new ArrayList<>();
    for (int i = 0; i < 3_600; i += 10) {
      List<LossDetector.DetectedLoss> losses = compare(i, 90);
      if (!losses.isEmpty()) {
        repaired(losses.get(0), !repairs.isEmpty(), i);
        repairs.add(i);
      }
    }
    assertThat(repairs).startsWith(20, 50, 80, 110, 170, 290).hasSizeLessThan(14);
    assertThat(repairs.get(repairs.size() - 1) - repairs.get(repairs.size() - 2)).isEqualTo(600);
  }

  @Test
  void whatIsStillLeftOfALossIsSentAgainWithoutAPause() {
    List<Integer> repairs = new ArrayList<>();
    for (int i = 0; i < 300; i += 10) {
      List<LossDetector.DetectedLoss> losses = compare(i, 90);
      if (!losses.isEmpty()) {
        repaired(losses.get(0), false, i);
        repairs.add(i);
      }
    }
    assertThat(repairs).startsWith(20, 50, 80, 110, 140, 170, 200);
  }

  @Test
  void aRepairThatHelpedIsNotHeldAgainstTheNext() {
    for (int round = 0; round < 5; round++) {
      int start = round * 100;
      compare(start, 90);
      compare(start + 10, 90);
      repaired(compare(start + 20, 90).get(0), true, start + 20);
      for (int i = 30; i < 100; i += 10) {
        assertThat(compare(start + i, 100)).isEmpty();
      }
    }
  }

  /**
   * An honest broker, whose figures are up to five seconds old, with tasks that are handed over,
   * taken and answered at random: whatever it looks like, nothing is ever sent again.
   */
  @Test
  void nothingIsSentAgainWhileNothingIsLost() {
    for (int seed = 0; seed < 300; seed++) {
      SimulatedBroker broker = new SimulatedBroker(new Random(seed), seed % 2 == 0);
      LossDetector patient = new LossDetector(LossDetectionSettings.of(Duration.ofSeconds(5)));
      for (int look = 0; look < 60; look++) {
        List<Comparison> compared = broker.compare();
        assertThat(compared).as("seed " + seed).allMatch(c -> c.missing() == 0);
        assertThat(patient.add(compared)).as("seed " + seed).isEmpty();
      }
    }
  }

  @Test
  void whatIsLostIsFoundWhateverElseHappens() {
    for (int seed = 0; seed < 100; seed++) {
      SimulatedBroker broker = new SimulatedBroker(new Random(seed), seed % 2 == 0);
      LossDetector patient = new LossDetector(LossDetectionSettings.of(Duration.ofSeconds(5)));
      broker.compare();
      broker.loseAll();
      boolean found = false;
      for (int look = 0; look < 60 && !found; look++) {
        found = !patient.add(broker.compare()).isEmpty();
      }
      assertThat(found).as("seed " + seed).isEqualTo(broker.lost() > 0);
    }
  }
}
