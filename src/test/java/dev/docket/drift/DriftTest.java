package dev.docket.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.counts.Backlog;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The drift by task key. */
final class DriftTest {

  private static final TaskKey ASR = new TaskKey("ASR");
  private static final TaskKey OCR = new TaskKey("OCR");
  private static final Instant NOW = ComparisonSamples.START;

  private static Drift of(ComparisonSamples samples) {
    CensusSnapshot snapshot = samples.snapshot(0);
    return Drift.of(
        snapshot, null, snapshot.compare(ComparisonSamples.PROTOCOLS), List.of(), Map.of());
  }

  private static Drift.KeyDrift ofKey(Drift drift, TaskKey key) {
    return drift.keys().stream().filter(row -> row.key().equals(key)).findFirst().orElseThrow();
  }

  private static Backlog backlog(TaskState state, long count, Instant oldest) {
    return new Backlog(ASR, state, count, 0, 0, 0, oldest);
  }

  private static Drift.KeyDrift of(Backlog... backlog) {
    return ofKey(Drift.unknown(true, "not compared", List.of(backlog), Map.of()), ASR);
  }

  @Test
  void addsUpQueuesOfKey() {
    Drift drift =
        of(
            new ComparisonSamples()
                .queue("videos", 3, 1, "D:Video.ASR")
                .queue("images", 5, 2, "D:Image.ASR")
                .tasks("docket", "Video", "ASR", 10)
                .tasks("docket", "Image", "ASR", 20));

    assertThat(drift.missing()).isEqualTo(19);
    assertThat(ofKey(drift, ASR).queues()).isEqualTo(new Drift.QueueTotals(8, 3, 2));
    assertThat(ofKey(drift, ASR).missing()).isEqualTo(19);
    assertThat(ofKey(drift, ASR).surplus()).isZero();
    assertThat(ofKey(drift, ASR).group()).isEmpty();
  }

  @Test
  void addsUpSurplusOfKey() {
    Drift drift =
        of(
            new ComparisonSamples()
                .queue("videos", 3, 1, "D:Video.ASR")
                .queue("images", 5, 2, "D:Image.ASR"));

    assertThat(drift.surplus()).isEqualTo(11);
    assertThat(ofKey(drift, ASR).surplus()).isEqualTo(11);
  }

  @Test
  void keysOfOneQueueNameEachOther() {
    Drift drift =
        of(
            new ComparisonSamples()
                .queue("all", 4, 0, "D:#")
                .tasks("docket", "Video", "ASR", 3)
                .tasks("docket", "Video", "OCR", 2));

    assertThat(ofKey(drift, ASR).group()).isEqualTo(Set.of(OCR));
    assertThat(ofKey(drift, OCR).group()).isEqualTo(Set.of(ASR));
    assertThat(ofKey(drift, ASR).missing()).isEqualTo(1);
    assertThat(drift.missing()).as("each group once").isEqualTo(1);
  }

  @Test
  void waitsSinceTheOldestTaskThatAWorkerMayClaim() {
    Backlog running = backlog(TaskState.PROCESSING, 1, NOW.minusSeconds(90));
    Backlog older = backlog(TaskState.QUEUED, 2, NOW.minusSeconds(60));
    Backlog newer = backlog(TaskState.CREATED, 4, NOW.minusSeconds(30));
    Backlog delayed = backlog(TaskState.TASK_RESET, 8, null);

    assertThat(of(running, older, newer, delayed).waitingSince()).isEqualTo(NOW.minusSeconds(60));
    assertThat(of(delayed, newer, older, running).waitingSince()).isEqualTo(NOW.minusSeconds(60));
    assertThat(of(running, delayed).waitingSince()).isNull();
    assertThat(of(running, older, newer, delayed).open())
        .containsEntry(TaskState.PROCESSING, 1L)
        .containsEntry(TaskState.QUEUED, 2L)
        .containsEntry(TaskState.CREATED, 4L)
        .containsEntry(TaskState.TASK_RESET, 8L);
  }
}
