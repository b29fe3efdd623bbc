package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link TaskStore} does. The store may hold what other tests left in it. */
public interface TaskStoreContract {

  TaskStore store();

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Version version(WriteOutcome saved) {
    assertThat(saved).isInstanceOf(WriteOutcome.Stored.class);
    return ((WriteOutcome.Stored) saved).version();
  }

  @Test
  default void whatIsCreatedIsFoundAtOnceAsItWas() {
    Task task = TaskSamples.task("ASR");
    Version version = version(now(store().create(task)));
    assertThat(now(store().find(task.id()))).contains(new Versioned<>(task, version));
  }

  @Test
  default void whatIsNotThereIsEmpty() {
    assertThat(now(store().find(new TaskId("nothing")))).isEmpty();
  }

  @Test
  default void aTakenIdIsStale() {
    Task task = TaskSamples.task("ASR");
    Version version = version(now(store().create(task)));
    Task other = TaskSamples.changed(task, draft -> draft.message = "other");
    assertThat(now(store().create(other))).isEqualTo(new WriteOutcome.Stale());
    assertThat(now(store().find(task.id()))).contains(new Versioned<>(task, version));
  }

  @Test
  default void replacementsFollowEachOther() {
    Task task = TaskSamples.task("ASR");
    Version version = version(now(store().create(task)));
    for (int i = 0; i < 5; i++) {
      int step = i;
      task = TaskSamples.changed(task, draft -> draft.progress = step);
      version = version(now(store().replace(task, version)));
    }
    assertThat(now(store().find(task.id()))).contains(new Versioned<>(task, version));
  }

  @Test
  default void aReplacementOfAnOlderVersionIsStale() {
    Task task = TaskSamples.task("ASR");
    Version first = version(now(store().create(task)));
    Task second = TaskSamples.changed(task, draft -> draft.message = "second");
    Version version = version(now(store().replace(second, first)));
    assertThat(now(store().replace(task, first))).isEqualTo(new WriteOutcome.Stale());
    assertThat(now(store().find(task.id()))).contains(new Versioned<>(second, version));
  }

  @Test
  default void whatIsGoneCannotBeReplaced() {
    Task task = TaskSamples.task("ASR");
    Version version = version(now(store().create(task)));
    version(now(store().remove(task.id(), version)));
    assertThat(now(store().replace(task, version))).isEqualTo(new WriteOutcome.Stale());
    assertThat(now(store().find(task.id()))).isEmpty();
  }

  @Test
  default void aRemovalHoldsOnlyForTheVersionThatWasSeen() {
    Task task = TaskSamples.task("ASR");
    Version first = version(now(store().create(task)));
    Version second = version(now(store().replace(task, first)));
    assertThat(now(store().remove(task.id(), first))).isEqualTo(new WriteOutcome.Stale());
    version(now(store().remove(task.id(), second)));
    assertThat(now(store().remove(task.id(), second))).isEqualTo(new WriteOutcome.Stale());
    assertThat(now(store().find(task.id()))).isEmpty();
  }

  @Test
  default void anIdCanBeUsedAgainAfterARemoval() {
    Task task = TaskSamples.task("ASR");
    Version first = version(now(store().create(task)));
    version(now(store().remove(task.id(), first)));
    Version again = version(now(store().create(task)));
    assertThat(again).isNotEqualTo(first);
    assertThat(now(store().replace(task, first))).isEqualTo(new WriteOutcome.Stale());
  }

  @Test
  default void ofManyAtOnceOnlyOneReplacementIsStored() {
    Task task = TaskSamples.task("ASR");
    Version first = version(now(store().create(task)));
    List<CompletableFuture<WriteOutcome>> all =
        IntStream.range(0, 50)
            .parallel()
            .mapToObj(i -> TaskSamples.changed(task, draft -> draft.message = "by " + i))
            .map(changed -> store().replace(changed, first).toCompletableFuture())
            .toList();
    assertThat(
            all.stream().map(CompletableFuture::join).filter(WriteOutcome.Stored.class::isInstance))
        .hasSize(1);
    int winner =
        IntStream.range(0, 50).filter(i -> all.get(i).join() instanceof WriteOutcome.Stored).sum();
    assertThat(now(store().find(task.id())).orElseThrow().value().message())
        .isEqualTo("by " + winner);
  }

  @Test
  default void ofManyAtOnceOnlyOneCreationIsStored() {
    Task task = TaskSamples.task("ASR");
    List<CompletableFuture<WriteOutcome>> all =
        IntStream.range(0, 50)
            .parallel()
            .mapToObj(i -> store().create(task).toCompletableFuture())
            .toList();
    assertThat(
            all.stream().map(CompletableFuture::join).filter(WriteOutcome.Stored.class::isInstance))
        .hasSize(1);
  }

  @Test
  default void everyoneGetsTheOutcomeOfHisOwnWrite() {
    List<Task> tasks = IntStream.range(0, 500).mapToObj(i -> TaskSamples.task("K" + i)).toList();
    List<CompletableFuture<WriteOutcome>> created =
        tasks.stream().map(task -> store().create(task).toCompletableFuture()).toList();
    CompletableFuture.allOf(created.toArray(CompletableFuture[]::new)).join();
    Map<TaskId, Versioned<Task>> found = now(store().find(tasks.stream().map(Task::id).toList()));
    for (int i = 0; i < tasks.size(); i++) {
      assertThat(found.get(tasks.get(i).id()))
          .isEqualTo(new Versioned<>(tasks.get(i), version(created.get(i).join())));
    }
  }

  @Test
  default void manyAreFoundAtOnce() {
    List<Task> there = IntStream.range(0, 30).mapToObj(i -> TaskSamples.task("ASR")).toList();
    there.forEach(task -> version(now(store().create(task))));
    Set<TaskId> asked = there.stream().map(Task::id).collect(Collectors.toSet());
    asked.add(new TaskId("nothing"));
    Map<TaskId, Versioned<Task>> found = now(store().find(asked));
    assertThat(found.values().stream().map(Versioned::value))
        .containsExactlyInAnyOrderElementsOf(there);
    found.forEach((id, task) -> assertThat(task.value().id()).isEqualTo(id));
  }

  @Test
  default void ofNoIdsNothingIsFound() {
    assertThat(now(store().find(List.of()))).isEmpty();
  }

  @Test
  default void moreThanAThousandIdsAreRefused() {
    List<TaskId> many =
        IntStream.rangeClosed(0, 1_000).mapToObj(i -> new TaskId("id-" + i)).toList();
    assertThatIllegalArgumentException().isThrownBy(() -> store().find(many));
  }

  @Test
  default void textOfAnyKindSurvives() {
    String odd =
        "\u0000\u0007\r\n\t\"\\ \u00e9 \u4e2d\u6587 \u0627\u0644 \uD83D\uDCFC \uFFFF lone \uD800 and \uDC00"
            + "x".repeat(40_000)
            + "\uD83D\uDCFC".repeat(10_000)
            + "\uD800";
    Task task =
        TaskSamples.changed(
            TaskSamples.task("ASR"),
            draft -> {
              draft.message = odd;
              draft.stage = odd;
              draft.lease = new Lease(odd, odd, 60, draft.now(), true);
              draft.note(odd, odd);
            });
    Version version = version(now(store().create(task)));
    assertThat(now(store().find(task.id()))).contains(new Versioned<>(task, version));
  }
}
