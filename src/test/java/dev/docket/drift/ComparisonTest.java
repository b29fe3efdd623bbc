package dev.docket.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.Census;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

  private static Comparison only(ComparisonSamples weighed) {
    List<Comparison> all = weighed.at(0);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static void compared(Comparison comparison, long missing, long surplus) {
    assertThat(comparison.standing()).isEqualTo(Comparison.Standing.COMPARED);
    assertThat(comparison.missing()).isEqualTo(missing);
    assertThat(comparison.surplus()).isEqualTo(surplus);
  }

  @Test
  void messagesInTheHandsOfWorkersAreThere() {
    compared(
        only(
            new ComparisonSamples()
                .queue("q", 3, 2, "D:Video.ASR")
                .tasks("docket", "Video", "ASR", 5)),
        0,
        0);
    compared(
        only(
            new ComparisonSamples()
                .queue("q", 1, 2, "D:Video.ASR")
                .tasks("docket", "Video", "ASR", 5)),
        2,
        0);
    compared(
        only(
            new ComparisonSamples()
                .queue("q", 9, 2, "D:Video.ASR")
                .tasks("docket", "Video", "ASR", 5)),
        0,
        6);
  }

  @Test
  void whatIsOnItsWayIsNoSurplusAndNotMissing() {
    compared(
        only(
            new ComparisonSamples()
                .queue("q", 9, 0, "D:Video.ASR")
                .tasks("docket", "Video", "ASR", 5, 12)),
        0,
        0);
  }

  @Test
  void aRouteWithoutAQueueLacksAll() {
    Comparison comparison = only(new ComparisonSamples().tasks("docket", "Video", "ASR", 5));
    compared(comparison, 5, 0);
    assertThat(comparison.empty()).isTrue();
  }

  @Test
  void aBindingOfAnotherExchangeTakesNothing() {
    List<Comparison> all =
        new ComparisonSamples()
            .queue("q", 5, 0, "N:#.ASR")
            .tasks("docket", "Video", "ASR", 5)
            .at(0);
    assertThat(all).extracting(Comparison::missing).containsExactlyInAnyOrder(5L, 0L);
    assertThat(all).extracting(Comparison::surplus).containsExactlyInAnyOrder(5L, 0L);
  }

  @Test
  void whatBindingsJoinIsComparedAsOne() {
    Comparison comparison =
        only(
            new ComparisonSamples()
                .queue("wide", 6, 0, "D:#.ASR", "D:Text.NER")
                .queue("video", 1, 0, "D:Video.*")
                .tasks("docket", "Sound", "ASR", 2)
                .tasks("docket", "Video", "ASR", 2)
                .tasks("docket", "Video", "OCR", 3)
                .tasks("docket", "Text", "NER", 1));
    compared(comparison, 1, 0);
    assertThat(comparison.group().keys())
        .containsExactly(new TaskKey("ASR"), new TaskKey("NER"), new TaskKey("OCR"));
    assertThat(comparison.group().queues()).hasSize(2);
  }

  @Test
  void whatNothingJoinsIsComparedApart() {
    assertThat(
            new ComparisonSamples()
                .queue("a", 1, 0, "D:Video.ASR")
                .queue("b", 7, 0, "D:Video.OCR")
                .queue("c", 1, 0, "D:*.NER")
                .tasks("docket", "Video", "ASR", 2)
                .tasks("docket", "Video", "OCR", 2)
                .at(0))
        .extracting(c -> c.group().name(), Comparison::missing, Comparison::surplus)
        .containsExactlyInAnyOrder(
            org.assertj.core.api.Assertions.tuple("[a]", 1L, 0L),
            org.assertj.core.api.Assertions.tuple("[b]", 0L, 5L),
            org.assertj.core.api.Assertions.tuple("[c]", 0L, 1L));
  }

  @Test
  void ofAQueueWithoutFiguresNothingIsSaid() {
    ComparisonSamples weighed = new ComparisonSamples().tasks("docket", "Video", "ASR", 5);
    weighed.queues.add(
        new Census.Queue("q", 0, 0, 0, List.of(new Census.Binding("D", "Video.ASR")), false));
    assertThat(only(weighed).standing()).isEqualTo(Comparison.Standing.UNKNOWN);
  }

  @Test
  void ofMessagesThatGoToAnotherExchangeNothingIsSaid() {
    ComparisonSamples weighed =
        new ComparisonSamples()
            .queue("q", 0, 0, "D:Text.ASR")
            .tasks("docket", "Video", "ASR", 5)
            .tasks("docket", "Text", "ASR", 5);
    weighed.detours.add(new Census.Binding("D", "Video.#"));
    weighed.detours.add(new Census.Binding("N", "#"));
    assertThat(weighed.at(0))
        .extracting(Comparison::standing)
        .containsExactlyInAnyOrder(Comparison.Standing.UNKNOWN, Comparison.Standing.COMPARED);
  }

  @Test
  void ofACourierThatIsNotConfiguredNothingIsSaid() {
    assertThat(only(new ComparisonSamples().tasks("gone", "Video", "ASR", 5)).standing())
        .isEqualTo(Comparison.Standing.UNKNOWN);
  }

  @Test
  void whoAcknowledgesEarlyIsLeftOut() {
    compared(
        only(new ComparisonSamples().queue("q", 0, 0, "E:#").tasks("early", "Video", "ASR", 5)),
        0,
        0);
  }

  @Test
  void whileAnswersWaitNothingIsSaidOfThoseWhoAnswer() {
    ComparisonSamples weighed =
        new ComparisonSamples()
            .queue("n", 0, 0, "N:#.ASR")
            .queue("d", 0, 0, "D:#.ASR")
            .tasks("dane", "Video", "ASR", 5)
            .tasks("docket", "Video", "ASR", 5);
    assertThat(weighed.answers(1L).at(0))
        .extracting(Comparison::standing)
        .containsExactlyInAnyOrder(
            Comparison.Standing.ANSWERS_PENDING, Comparison.Standing.COMPARED);
    assertThat(weighed.answers(null).at(0))
        .extracting(Comparison::standing)
        .containsExactlyInAnyOrder(Comparison.Standing.UNKNOWN, Comparison.Standing.COMPARED);
    assertThat(weighed.answers(0L).at(0))
        .allMatch(c -> c.standing() == Comparison.Standing.COMPARED && c.missing() == 5);
  }

  @Test
  void whereAnswersNeverStopOnlyOlderTasksCountAndEachAnswerMayBeOfOneOfThem() {
    ComparisonSamples weighed =
        new ComparisonSamples()
            .queue("n", 1, 0, "N:#.ASR")
            .tasks("dane", "Video", "ASR", 50)
            .answers(2L);
    weighed.patient =
        new CensusSnapshot.Patient(
            ComparisonSamples.START.minusSeconds(300),
            Map.of("dane", Map.of(ComparisonSamples.route("Video", "ASR"), 10L)));
    Comparison comparison = only(weighed);
    compared(comparison, 7, 0);
    assertThat(comparison.before()).isEqualTo(ComparisonSamples.START.minusSeconds(300));
    assertThat(comparison.empty()).isFalse();
  }

  @Test
  void theKeyOfAQueueWithoutTasksIsTakenFromItsBinding() {
    assertThat(
            only(new ComparisonSamples().queue("q", 2, 0, "D:#.ASR", "D:Video.*", "D:#"))
                .group()
                .keys())
        .isEqualTo(Set.of(new TaskKey("ASR")));
  }
}
