package dev.docket.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentStore;
import dev.docket.document.Saved;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What all {@link Counts} do. Each test begins with no task and no document. */
public interface CountsContract {

  Instant NOON = DocumentSamples.CREATED;
  TaskKey ASR = new TaskKey("ASR");
  TaskKey OCR = new TaskKey("OCR");

  TaskStore tasks();

  DocumentStore documents();

  Counts counts();

  /** Lets searches see what was written. */
  void refresh();

  private void stored(Task task) {
    assertThat(tasks().create(task).toCompletableFuture().join()).isInstanceOf(Saved.Stored.class);
  }

  private void ended(String key, TaskState state, Instant at) {
    stored(TaskSamples.ended(TaskSamples.task(key), state, at, null, null));
  }

  private void took(long run, Long queued) {
    stored(TaskSamples.ended(TaskSamples.task("ASR"), TaskState.SUCCESS, NOON, run, queued));
  }

  @Test
  default void ofNothingNothingIsCounted() {
    refresh();
    assertThat(counts().ended(null, null)).isEqualTo(new EndedTasks(Map.of(), 0));
    assertThat(counts().recent(NOON)).isEqualTo(new RecentWork(List.of(), false));
    assertThat(counts().stored().documents()).isZero();
  }

  @Test
  default void whatHasEndedIsCountedByKeyAndState() {
    ended("ASR", TaskState.SUCCESS, NOON);
    ended("ASR", TaskState.SUCCESS, NOON);
    ended("ASR", TaskState.FAILED_DEPENDENCY, NOON);
    ended("OCR", TaskState.CANCELLED, NOON);
    stored(TaskSamples.task("ASR"));
    stored(
        TaskSamples.deleted(
            TaskSamples.ended(TaskSamples.task("ASR"), TaskState.SUCCESS, NOON, null, null)));
    refresh();

    EndedTasks found = counts().ended(null, null);

    assertThat(found.keys())
        .containsOnly(
            Map.entry(ASR, Map.of(TaskState.SUCCESS, 2L, TaskState.FAILED_DEPENDENCY, 1L)),
            Map.entry(OCR, Map.of(TaskState.CANCELLED, 1L)));
    assertThat(found.total()).isEqualTo(4);
  }

  @Test
  default void aMomentIsInOneOfTwoTimesThatMeetThere() {
    ended("ASR", TaskState.SUCCESS, NOON.minusMillis(1));
    ended("ASR", TaskState.SUCCESS, NOON);
    ended("ASR", TaskState.SUCCESS, NOON.plusMillis(1));
    refresh();
    assertThat(counts().ended(null, NOON).total()).isEqualTo(2);
    assertThat(counts().ended(NOON, null).total()).isEqualTo(1);
    assertThat(counts().ended(NOON.minusMillis(1), NOON).total()).isEqualTo(1);
  }

  @Test
  default void recentWorkIsThatSinceThen() {
    ended("ASR", TaskState.SUCCESS, NOON.minusMillis(1));
    ended("ASR", TaskState.ERROR, NOON);
    ended("OCR", TaskState.SUCCESS, NOON);
    refresh();

    assertThat(counts().recent(NOON).keys())
        .containsExactlyInAnyOrder(
            new RecentWork.OfKey(ASR, Map.of(TaskState.ERROR, 1L), null, null),
            new RecentWork.OfKey(OCR, Map.of(TaskState.SUCCESS, 1L), null, null));
  }

  @Test
  default void whatSuccessfulRunsTookIsSpread() {
    took(70, 5L);
    took(70, 5L);
    took(70, null);
    stored(TaskSamples.ended(TaskSamples.task("ASR"), TaskState.ERROR, NOON, 1L, 1L));
    refresh();

    RecentWork.OfKey found = counts().recent(NOON).keys().get(0);

    assertThat(found.run()).isEqualTo(new RecentWork.Spread(70, 70));
    assertThat(found.queued()).isEqualTo(new RecentWork.Spread(5, 5));
  }

  @Test
  default void deletedDocumentsDoNotCount() {
    Document gone = DocumentSamples.document().deletedAt(NOON);
    for (Document document :
        List.of(DocumentSamples.document(), DocumentSamples.document(), gone)) {
      documents().create(document).toCompletableFuture().join();
    }
    refresh();
    assertThat(counts().stored().documents()).isEqualTo(2);
  }
}
