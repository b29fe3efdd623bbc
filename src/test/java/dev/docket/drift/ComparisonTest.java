package dev.docket.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.Census;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

  private static Comparison compareOne(ComparisonSamples samples) {
    List<Comparison> all = samples.compareAt(0);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static void assertCompared(Comparison comparison, long missing, long surplus) {
    assertThat(comparison.status()).isEqualTo(Comparison.Status.COMPARED);
    assertThat(comparison.missing()).isEqualTo(missing);
    assertThat(comparison.surplus()).isEqualTo(surplus);
  }

  @Test
  void countsUnacknowledgedMessages() {
    assertCompared(
        compareOne(
            new ComparisonSamples()
                .queue("q", 3, 2, "D:Video.ASR")
                .tasks("docket", "Video", "ASR", 5)),
        0,
        0);
    assertCompared(
        compareOne(
            new ComparisonSamples()
                .queue("q", 1, 2, "D:Video.ASR")
                .tasks("docket", "Video", "ASR", 5)),
        2,
        0);
    assertCompared(
        compareOne(
            new ComparisonSamples()
                .queue("q", 9, 2, "D:Video.ASR")
                .tasks("docket", "Video", "ASR", 5)),
        0,
        6);
  }

  @Test
  void messagesInFlightAreNeitherSurplusNorMissing() {
    assertCompared(
        compareOne(
            new ComparisonSamples()
                .queue("q", 9, 0, "D:Video.ASR")
                .tasks("docket", "Video", "ASR", 5, 12)),
        0,
        0);
  }

  @Test
  void allMessagesOfRouteWithoutQueueAreMissing() {
    Comparison comparison = compareOne(new ComparisonSamples().tasks("docket", "Video", "ASR", 5));
    assertCompared(comparison, 5, 0);
    assertThat(comparison.empty()).isTrue();
  }

  @Test
  void ignoresBindingsOfOtherExchanges() {
    List<Comparison> all =
        new ComparisonSamples()
            .queue("q", 5, 0, "N:#.ASR")
            .tasks("docket", "Video", "ASR", 5)
            .compareAt(0);
    assertThat(all).extracting(Comparison::missing).containsExactlyInAnyOrder(5L, 0L);
    assertThat(all).extracting(Comparison::surplus).containsExactlyInAnyOrder(5L, 0L);
  }

  @Test
  void comparesConnectedQueuesTogether() {
    Comparison comparison =
        compareOne(
            new ComparisonSamples()
                .queue("wide", 6, 0, "D:#.ASR", "D:Text.NER")
                .queue("video", 1, 0, "D:Video.*")
                .tasks("docket", "Sound", "ASR", 2)
                .tasks("docket", "Video", "ASR", 2)
                .tasks("docket", "Video", "OCR", 3)
                .tasks("docket", "Text", "NER", 1));
    assertCompared(comparison, 1, 0);
    assertThat(comparison.group().keys())
        .containsExactly(new TaskKey("ASR"), new TaskKey("NER"), new TaskKey("OCR"));
    assertThat(comparison.group().queues()).hasSize(2);
  }

  @Test
  void comparesUnconnectedQueuesSeparately() {
    assertThat(
            new ComparisonSamples()
                .queue("a", 1, 0, "D:Video.ASR")
                .queue("b", 7, 0, "D:Video.OCR")
                .queue("c", 1, 0, "D:*.NER")
                .tasks("docket", "Video", "ASR", 2)
                .tasks("docket", "Video", "OCR", 2)
                .compareAt(0))
        .extracting(c -> c.group().name(), Comparison::missing, Comparison::surplus)
        .containsExactlyInAnyOrder(
            org.assertj.core.api.Assertions.tuple("[a]", 1L, 0L),
            org.assertj.core.api.Assertions.tuple("[b]", 0L, 5L),
            org.assertj.core.api.Assertions.tuple("[c]", 0L, 1L));
  }

  @Test
  void queueWithoutStatisticsIsUnknown() {
    ComparisonSamples samples = new ComparisonSamples().tasks("docket", "Video", "ASR", 5);
    samples.queues.add(
        new Census.Queue(
            "q", 0, 0, 0, List.of(new Census.Binding("D", "Video.ASR")), false, List.of()));
    assertThat(compareOne(samples).status()).isEqualTo(Comparison.Status.UNKNOWN);
  }

  @Test
  void routeForwardedToOtherExchangeIsUnknown() {
    ComparisonSamples samples =
        new ComparisonSamples()
            .queue("q", 0, 0, "D:Text.ASR")
            .tasks("docket", "Video", "ASR", 5)
            .tasks("docket", "Text", "ASR", 5);
    samples.exchangeBindings.add(new Census.Binding("D", "Video.#"));
    samples.exchangeBindings.add(new Census.Binding("N", "#"));
    assertThat(samples.compareAt(0))
        .extracting(Comparison::status)
        .containsExactlyInAnyOrder(Comparison.Status.UNKNOWN, Comparison.Status.COMPARED);
  }

  @Test
  void protocolThatIsNotConfiguredIsUnknown() {
    assertThat(compareOne(new ComparisonSamples().tasks("gone", "Video", "ASR", 5)).status())
        .isEqualTo(Comparison.Status.UNKNOWN);
  }

  @Test
  void ignoresWorkersThatAcknowledgeEarly() {
    assertCompared(
        compareOne(
            new ComparisonSamples().queue("q", 0, 0, "E:#").tasks("early", "Video", "ASR", 5)),
        0,
        0);
  }

  @Test
  void doesNotCompareProtocolsWithPendingReplies() {
    ComparisonSamples samples =
        new ComparisonSamples()
            .queue("n", 0, 0, "N:#.ASR")
            .queue("d", 0, 0, "D:#.ASR")
            .tasks("dane", "Video", "ASR", 5)
            .tasks("docket", "Video", "ASR", 5);
    assertThat(samples.pendingReplies(1L).compareAt(0))
        .extracting(Comparison::status)
        .containsExactlyInAnyOrder(Comparison.Status.REPLIES_PENDING, Comparison.Status.COMPARED);
    assertThat(samples.pendingReplies(null).compareAt(0))
        .extracting(Comparison::status)
        .containsExactlyInAnyOrder(Comparison.Status.UNKNOWN, Comparison.Status.COMPARED);
    assertThat(samples.pendingReplies(0L).compareAt(0))
        .allMatch(c -> c.status() == Comparison.Status.COMPARED && c.missing() == 5);
  }

  @Test
  void comparesOlderTasksMinusRepliesIfRepliesNeverStop() {
    ComparisonSamples samples =
        new ComparisonSamples()
            .queue("n", 1, 0, "N:#.ASR")
            .tasks("dane", "Video", "ASR", 50)
            .pendingReplies(2L);
    samples.olderTasks =
        CensusSnapshot.OlderTasks.of(
            ComparisonSamples.START.minusSeconds(300),
            new ExpectedMessages(
                new ComparisonSamples()
                    .tasks("dane", "Image", "ASR", 3)
                    .tasks("dane", "Video", "ASR", 10)
                    .tasks("docket", "Video", "ASR", 100)
                    .routes,
                false));
    Comparison comparison = compareOne(samples);
    assertCompared(comparison, 7, 0);
    assertThat(comparison.settledBefore()).isEqualTo(ComparisonSamples.START.minusSeconds(300));
    assertThat(comparison.empty()).isFalse();
  }

  @Test
  void routesWithoutQueueHaveNamesOfTheirOwn() {
    assertThat(
            new ComparisonSamples()
                .tasks("docket", "Video", "ASR", 1)
                .tasks("docket", "Video", "OCR", 1)
                .tasks("dane", "Video", "ASR", 1)
                .compareAt(0))
        .extracting(comparison -> comparison.group().name())
        .doesNotHaveDuplicates();
  }

  @Test
  void takesKeyOfQueueWithoutTasksFromBinding() {
    assertThat(
            compareOne(new ComparisonSamples().queue("q", 2, 0, "D:#.ASR", "D:Video.*", "D:#"))
                .group()
                .keys())
        .isEqualTo(Set.of(new TaskKey("ASR")));
  }
}
