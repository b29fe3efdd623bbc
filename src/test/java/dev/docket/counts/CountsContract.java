package dev.docket.counts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentStore;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Contract of {@link Counts}. Each test uses its own keys, because other tests leave tasks in the
 * store.
 */
public interface CountsContract {

  Instant NOON = DocumentSamples.CREATED;

  TaskStore tasks();

  DocumentStore documents();

  Counts counts();

  /** Makes all writes visible to searches. */
  void refresh();

  private void store(Task task) {
    assertThat(tasks().create(task).toCompletableFuture().join())
        .isInstanceOf(WriteOutcome.Stored.class);
  }

  private static TaskKey key() {
    return new TaskKey(UUID.randomUUID().toString().toUpperCase(Locale.ROOT));
  }

  private void ended(TaskKey key, TaskState state, Instant at) {
    store(TaskSamples.ended(TaskSamples.task(key.value()), state, at, null, null));
  }

  private Map<TaskState, Long> states(
      TaskKey key, @Nullable Instant after, @Nullable Instant upTo) {
    return counts().ended(after, upTo).keys().getOrDefault(key, Map.of());
  }

  private Optional<RecentWork.KeyWork> recent(TaskKey key, Instant since) {
    return counts().recent(since).keys().stream().filter(k -> k.key().equals(key)).findAny();
  }

  @Test
  default void countsEndedTasksByKeyAndState() {
    TaskKey one = key();
    TaskKey other = key();
    ended(one, TaskState.SUCCESS, NOON);
    ended(one, TaskState.SUCCESS, NOON);
    ended(one, TaskState.FAILED_DEPENDENCY, NOON);
    ended(other, TaskState.CANCELLED, NOON);
    store(TaskSamples.task(one.value()));
    store(
        TaskSamples.deleted(
            TaskSamples.ended(TaskSamples.task(one.value()), TaskState.SUCCESS, NOON, null, null)));
    refresh();

    EndedTasks found = counts().ended(null, null);

    assertThat(found.keys())
        .containsEntry(one, Map.of(TaskState.SUCCESS, 2L, TaskState.FAILED_DEPENDENCY, 1L))
        .containsEntry(other, Map.of(TaskState.CANCELLED, 1L));
    assertThat(found.otherKeys()).isZero();
  }

  @Test
  default void countsEachTaskInExactlyOneOfTwoAdjacentPeriods() {
    TaskKey key = key();
    ended(key, TaskState.SUCCESS, NOON.minusMillis(1));
    ended(key, TaskState.SUCCESS, NOON);
    ended(key, TaskState.SUCCESS, NOON.plusMillis(1));
    refresh();
    assertThat(states(key, null, NOON)).isEqualTo(Map.of(TaskState.SUCCESS, 2L));
    assertThat(states(key, NOON, null)).isEqualTo(Map.of(TaskState.SUCCESS, 1L));
    assertThat(states(key, NOON.minusMillis(1), NOON)).isEqualTo(Map.of(TaskState.SUCCESS, 1L));
    assertThat(states(key, NOON.plusMillis(1), null)).isEmpty();
  }

  @Test
  default void totalIncludesLatestWritesOfEndedTasksOnly() {
    long before = counts().endedTotal();
    TaskKey key = key();
    ended(key, TaskState.SUCCESS, NOON);
    ended(key, TaskState.CANCELLED, NOON);
    store(TaskSamples.task(key.value()));
    store(
        TaskSamples.deleted(
            TaskSamples.ended(TaskSamples.task(key.value()), TaskState.ERROR, NOON, null, null)));
    assertThat(counts().endedTotal()).isEqualTo(before + 2);
  }

  @Test
  default void recentWorkStartsAtGivenTime() {
    TaskKey one = key();
    TaskKey other = key();
    ended(one, TaskState.SUCCESS, NOON.minusMillis(1));
    ended(one, TaskState.ERROR, NOON);
    ended(other, TaskState.SUCCESS, NOON);
    refresh();

    assertThat(recent(one, NOON))
        .contains(new RecentWork.KeyWork(one, Map.of(TaskState.ERROR, 1L), null, null));
    assertThat(recent(other, NOON))
        .contains(new RecentWork.KeyWork(other, Map.of(TaskState.SUCCESS, 1L), null, null));
    assertThat(recent(other, NOON.plusMillis(1))).isEmpty();
  }

  @Test
  default void reportsPercentilesOfSuccessfulRuns() {
    TaskKey key = key();
    for (Long queued : Arrays.asList(5L, 5L, null)) {
      store(TaskSamples.ended(TaskSamples.task(key.value()), TaskState.SUCCESS, NOON, 70L, queued));
    }
    store(TaskSamples.ended(TaskSamples.task(key.value()), TaskState.ERROR, NOON, 1L, 1L));
    refresh();

    RecentWork.KeyWork found = recent(key, NOON).orElseThrow();

    assertThat(found.run()).isEqualTo(new RecentWork.Spread(70, 70));
    assertThat(found.queued()).isEqualTo(new RecentWork.Spread(5, 5));
  }

  @Test
  default void doesNotCountDeletedDocuments() {
    refresh();
    long before = counts().stored().documents();
    Document deleted = DocumentSamples.document().asDeleted(NOON);
    for (Document document :
        List.of(DocumentSamples.document(), DocumentSamples.document(), deleted)) {
      documents().create(document).toCompletableFuture().join();
    }
    refresh();
    assertThat(counts().stored().documents()).isEqualTo(before + 2);
  }
}
