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

/** Contract of every {@link TaskStore}. The store may contain tasks of other tests. */
public interface TaskStoreContract {

  TaskStore store();

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Version version(WriteOutcome outcome) {
    assertThat(outcome).isInstanceOf(WriteOutcome.Stored.class);
    return ((WriteOutcome.Stored) outcome).version();
  }

  @Test
  default void findsCreatedTaskImmediately() {
    Task task = TaskSamples.task("ASR");
    Version version = version(join(store().create(task)));
    assertThat(join(store().find(task.id()))).contains(new Versioned<>(task, version));
  }

  @Test
  default void findsNoUnknownTask() {
    assertThat(join(store().find(new TaskId("nothing")))).isEmpty();
  }

  @Test
  default void takenIdIsConflict() {
    Task task = TaskSamples.task("ASR");
    Version version = version(join(store().create(task)));
    Task other = TaskSamples.changed(task, builder -> builder.message = "other");
    assertThat(join(store().create(other))).isEqualTo(new WriteOutcome.Conflict());
    assertThat(join(store().find(task.id()))).contains(new Versioned<>(task, version));
  }

  @Test
  default void replacesRepeatedly() {
    Task task = TaskSamples.task("ASR");
    Version version = version(join(store().create(task)));
    for (int i = 0; i < 5; i++) {
      int step = i;
      task = TaskSamples.changed(task, builder -> builder.run.progress = step);
      version = version(join(store().replace(task, version)));
    }
    assertThat(join(store().find(task.id()))).contains(new Versioned<>(task, version));
  }

  @Test
  default void replacementOfOlderVersionIsConflict() {
    Task task = TaskSamples.task("ASR");
    Version first = version(join(store().create(task)));
    Task second = TaskSamples.changed(task, builder -> builder.message = "second");
    Version version = version(join(store().replace(second, first)));
    assertThat(join(store().replace(task, first))).isEqualTo(new WriteOutcome.Conflict());
    assertThat(join(store().find(task.id()))).contains(new Versioned<>(second, version));
  }

  @Test
  default void replacementOfRemovedTaskIsConflict() {
    Task task = TaskSamples.task("ASR");
    Version version = version(join(store().create(task)));
    version(join(store().remove(task.id(), version)));
    assertThat(join(store().replace(task, version))).isEqualTo(new WriteOutcome.Conflict());
    assertThat(join(store().find(task.id()))).isEmpty();
  }

  @Test
  default void removesOnlyCurrentVersion() {
    Task task = TaskSamples.task("ASR");
    Version first = version(join(store().create(task)));
    Version second = version(join(store().replace(task, first)));
    assertThat(join(store().remove(task.id(), first))).isEqualTo(new WriteOutcome.Conflict());
    version(join(store().remove(task.id(), second)));
    assertThat(join(store().remove(task.id(), second))).isEqualTo(new WriteOutcome.Conflict());
    assertThat(join(store().find(task.id()))).isEmpty();
  }

  @Test
  default void allowsIdAgainAfterRemoval() {
    Task task = TaskSamples.task("ASR");
    Version first = version(join(store().create(task)));
    version(join(store().remove(task.id(), first)));
    Version again = version(join(store().create(task)));
    assertThat(again).isNotEqualTo(first);
    assertThat(join(store().replace(task, first))).isEqualTo(new WriteOutcome.Conflict());
  }

  @Test
  default void storesOneOfConcurrentReplacements() {
    Task task = TaskSamples.task("ASR");
    Version first = version(join(store().create(task)));
    List<CompletableFuture<WriteOutcome>> all =
        IntStream.range(0, 50)
            .parallel()
            .mapToObj(i -> TaskSamples.changed(task, builder -> builder.message = "by " + i))
            .map(changed -> store().replace(changed, first).toCompletableFuture())
            .toList();
    assertThat(
            all.stream().map(CompletableFuture::join).filter(WriteOutcome.Stored.class::isInstance))
        .hasSize(1);
    int winner =
        IntStream.range(0, 50).filter(i -> all.get(i).join() instanceof WriteOutcome.Stored).sum();
    assertThat(join(store().find(task.id())).orElseThrow().value().message())
        .isEqualTo("by " + winner);
  }

  @Test
  default void storesOneOfConcurrentCreations() {
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
  default void returnsOutcomeOfEachConcurrentWrite() {
    List<Task> tasks = IntStream.range(0, 500).mapToObj(i -> TaskSamples.task("K" + i)).toList();
    List<CompletableFuture<WriteOutcome>> created =
        tasks.stream().map(task -> store().create(task).toCompletableFuture()).toList();
    CompletableFuture.allOf(created.toArray(CompletableFuture[]::new)).join();
    Map<TaskId, Versioned<Task>> found = join(store().find(tasks.stream().map(Task::id).toList()));
    for (int i = 0; i < tasks.size(); i++) {
      assertThat(found.get(tasks.get(i).id()))
          .isEqualTo(new Versioned<>(tasks.get(i), version(created.get(i).join())));
    }
  }

  @Test
  default void findsManyTasks() {
    List<Task> created = IntStream.range(0, 30).mapToObj(i -> TaskSamples.task("ASR")).toList();
    created.forEach(task -> version(join(store().create(task))));
    Set<TaskId> ids = created.stream().map(Task::id).collect(Collectors.toSet());
    ids.add(new TaskId("nothing"));
    Map<TaskId, Versioned<Task>> found = join(store().find(ids));
    assertThat(found.values().stream().map(Versioned::value))
        .containsExactlyInAnyOrderElementsOf(created);
    found.forEach((id, task) -> assertThat(task.value().id()).isEqualTo(id));
  }

  @Test
  default void findsNothingForNoIds() {
    assertThat(join(store().find(List.of()))).isEmpty();
  }

  @Test
  default void rejectsMoreThanThousandIds() {
    List<TaskId> many =
        IntStream.rangeClosed(0, 1_000).mapToObj(i -> new TaskId("id-" + i)).toList();
    assertThatIllegalArgumentException().isThrownBy(() -> store().find(many));
  }

  @Test
  default void preservesAnyText() {
    String unusual =
        "\u0000\u0007\r\n\t\"\\ \u00e9 \u4e2d\u6587 \u0627\u0644 \uD83D\uDCFC \uFFFF lone \uD800 and \uDC00"
            + "x".repeat(40_000)
            + "\uD83D\uDCFC".repeat(10_000)
            + "\uD800";
    Task task =
        TaskSamples.changed(
            TaskSamples.task("ASR"),
            builder -> {
              builder.message = unusual;
              builder.run.stage = unusual;
              builder.run.lease = new Lease(unusual, unusual, 60, builder.now(), true, null, null);
              builder.addHistory(unusual, unusual);
            });
    Version version = version(join(store().create(task)));
    assertThat(join(store().find(task.id()))).contains(new Versioned<>(task, version));
  }
}
