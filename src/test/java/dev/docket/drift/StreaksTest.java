package dev.docket.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StreaksTest {

  private final Streaks streaks = new Streaks(Patience.of(Duration.ofSeconds(5)));

  /** Of a queue with so many messages, for a hundred tasks. */
  private List<Streaks.Loss> look(int seconds, long messages) {
    return streaks.add(of(messages).at(seconds));
  }

  private static Weighed of(long messages) {
    return new Weighed()
        .queue("q", messages, 0, "D:Video.ASR")
        .tasks("docket", "Video", "ASR", 100);
  }

  private void repaired(Streaks.Loss loss, boolean again, int seconds) {
    streaks.repaired(loss, again, Weighed.START.plusSeconds(seconds));
  }

  @Test
  void threeLooksMustAgreeAndTheOneBetweenCounts() {
    assertThat(look(0, 90)).isEmpty();
    assertThat(look(10, 93)).isEmpty();
    assertThat(look(20, 91)).singleElement().extracting(Streaks.Loss::tasks).isEqualTo(9L);
  }

  @Test
  void allAreLostWhereMostOfTheLooksAndTheLastFoundNoMessageAtAll() {
    look(0, 1);
    look(10, 0);
    assertThat(look(20, 0))
        .singleElement()
        .extracting(Streaks.Loss::tasks)
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void someAreLostWhereTheLastLookFoundMessages() {
    look(0, 0);
    look(10, 0);
    assertThat(look(20, 1)).singleElement().extracting(Streaks.Loss::tasks).isEqualTo(100L);
  }

  @Test
  void someAreLostWhereOnlyTheLastLookFoundNone() {
    look(0, 2);
    look(10, 1);
    assertThat(look(20, 0)).singleElement().extracting(Streaks.Loss::tasks).isEqualTo(99L);
  }

  @Test
  void rightAfterARepairWhatWasSentAgainDoesNotSpeakForTheRest() {
    look(0, 10);
    look(10, 10);
    repaired(look(20, 10).get(0), false, 20);
    look(25, 90);
    assertThat(look(30, 100)).isEmpty();
    look(35, 99);
    assertThat(look(40, 99)).hasSize(1);
  }

  @Test
  void aLookThatFindsAllEndsTheStreak() {
    look(0, 90);
    look(10, 90);
    assertThat(look(20, 100)).isEmpty();
    assertThat(look(30, 90)).isEmpty();
    assertThat(look(40, 90)).isEmpty();
    assertThat(look(50, 90)).hasSize(1);
  }

  @Test
  void looksThatFollowTooCloselyAreOne() {
    look(0, 90);
    for (int i = 1; i < 5; i++) {
      assertThat(look(i, 90)).isEmpty();
    }
    assertThat(look(5, 90)).isEmpty();
    assertThat(look(9, 90)).isEmpty();
    assertThat(look(10, 90)).hasSize(1);
  }

  @Test
  void aLookWithoutFiguresEndsTheStreakAndOneWhileAnswersWaitDoesNotCount() {
    Weighed dane = new Weighed().queue("n", 0, 0, "N:#").tasks("dane", "Video", "ASR", 5);
    streaks.add(dane.at(0));
    streaks.add(dane.at(10));
    assertThat(streaks.add(dane.answers(3L).at(20))).isEmpty();
    assertThat(streaks.add(dane.answers(0L).at(30))).hasSize(1);
    streaks.add(dane.answers(null).at(40));
    assertThat(streaks.add(dane.answers(0L).at(50))).isEmpty();
  }

  @Test
  void whoIsGoneForALookBeginsAnew() {
    look(0, 90);
    look(10, 90);
    streaks.add(List.of());
    assertThat(look(20, 90)).isEmpty();
  }

  @Test
  void otherQueuesBeginAnew() {
    look(0, 90);
    look(10, 90);
    Weighed more = of(90).queue("r", 0, 0, "D:#");
    assertThat(streaks.add(more.at(20))).isEmpty();
  }

  @Test
  void newRoutesOfTheSameQueuesDoNot() {
    look(0, 90);
    look(10, 90);
    Weighed more =
        new Weighed()
            .queue("q", 90, 0, "D:Video.ASR", "D:#.OCR")
            .tasks("docket", "Video", "ASR", 100)
            .tasks("docket", "Video", "OCR", 0, 1);
    assertThat(streaks.add(more.at(20))).hasSize(1);
  }

  @Test
  void forgottenBeginsAnew() {
    look(0, 90);
    look(10, 90);
    streaks.forget();
    assertThat(look(20, 90)).isEmpty();
  }

  @Test
  void aRepairBeginsAnewAndIsMadeMoreAndMoreSeldomWhereItDoesNotHelp() {
    List<Integer> repairs = new ArrayList<>();
    for (int i = 0; i < 3_600; i += 10) {
      List<Streaks.Loss> losses = look(i, 90);
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
      List<Streaks.Loss> losses = look(i, 90);
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
      look(start, 90);
      look(start + 10, 90);
      repaired(look(start + 20, 90).get(0), true, start + 20);
      for (int i = 30; i < 100; i += 10) {
        assertThat(look(start + i, 100)).isEmpty();
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
      HonestBroker broker = new HonestBroker(new Random(seed), seed % 2 == 0);
      Streaks patient = new Streaks(Patience.of(Duration.ofSeconds(5)));
      for (int look = 0; look < 60; look++) {
        List<Comparison> compared = broker.look();
        assertThat(compared).as("seed " + seed).allMatch(c -> c.missing() == 0);
        assertThat(patient.add(compared)).as("seed " + seed).isEmpty();
      }
    }
  }

  @Test
  void whatIsLostIsFoundWhateverElseHappens() {
    for (int seed = 0; seed < 100; seed++) {
      HonestBroker broker = new HonestBroker(new Random(seed), seed % 2 == 0);
      Streaks patient = new Streaks(Patience.of(Duration.ofSeconds(5)));
      broker.look();
      broker.loseAll();
      boolean found = false;
      for (int look = 0; look < 60 && !found; look++) {
        found = !patient.add(broker.look()).isEmpty();
      }
      assertThat(found).as("seed " + seed).isEqualTo(broker.lost() > 0);
    }
  }
}
