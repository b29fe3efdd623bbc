package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentStore;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.TaskMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contract of {@link ExpiredRecords}. The tests share a store, so each uses its own times. */
public interface ExpiredRecordsContract {

  Instant LONG_AGO = Instant.parse("1990-01-01T00:00:00Z");

  TaskStore tasks();

  DocumentStore documents();

  ExpiredRecords expiredRecords();

  private Versioned<Task> store(Task task) {
    WriteOutcome outcome = tasks().create(task).toCompletableFuture().join();
    return new Versioned<>(task, ((WriteOutcome.Stored) outcome).version());
  }

  private Versioned<Document> store(Document document) {
    WriteOutcome outcome = documents().create(document).toCompletableFuture().join();
    return new Versioned<>(document, ((WriteOutcome.Stored) outcome).version());
  }

  private static Task ended(Instant at) {
    return TaskSamples.ended(TaskSamples.task("ASR"), TaskState.ERROR, at, null, null);
  }

  /** Makes all writes visible to searches. */
  void refresh();

  @Test
  default void findsEndedTasksInPagesEarliestFirst() {
    List<Versioned<Task>> tasks = new ArrayList<>();
    for (int i : new int[] {2, 0, 1}) {
      tasks.add(store(ended(LONG_AGO.plusMillis(i))));
    }
    store(ended(LONG_AGO.plusMillis(3)));
    store(TaskSamples.deleted(ended(LONG_AGO)));
    store(TaskSamples.task("ASR"));
    refresh();
    Instant before = LONG_AGO.plusMillis(3);

    List<Versioned<Task>> first = expiredRecords().ended(before, null, 2);

    assertThat(first).containsExactly(tasks.get(1), tasks.get(2));
    assertThat(expiredRecords().ended(before, first.get(1).value(), 2))
        .containsExactly(tasks.get(0));
  }

  @Test
  default void waitedForReturnsOnlyDependenciesOfWaitingTasks() {
    Task needed = TaskSamples.task("NEEDED");
    Task done = TaskSamples.task("DONE");
    Task waiting = TaskSamples.task("WAITING");
    store(
        TaskMachine.create(
            waiting.id(),
            waiting.spec(),
            List.of(new Effect.NeededTask(needed.id(), needed.key(), null)),
            null,
            TaskSamples.context(DocumentSamples.CREATED)));
    Task deletedTask = TaskSamples.task("DELETED");
    store(
        TaskSamples.deleted(
            TaskMachine.create(
                deletedTask.id(),
                deletedTask.spec(),
                List.of(new Effect.NeededTask(done.id(), done.key(), null)),
                null,
                TaskSamples.context(DocumentSamples.CREATED))));

    assertThat(expiredRecords().waitedFor(List.of(needed.id(), done.id(), new TaskId("missing"))))
        .containsExactly(needed.id());
  }

  @Test
  default void findsDocumentsInPagesEarliestFirst() {
    List<Versioned<Document>> documents = new ArrayList<>();
    for (int i : new int[] {2, 0, 1}) {
      documents.add(store(registered(LONG_AGO.plusMillis(i))));
    }
    store(registered(LONG_AGO.plusMillis(3)));
    store(registered(LONG_AGO).asDeleted(LONG_AGO));
    store(DocumentSamples.purgeDue(registered(LONG_AGO), LONG_AGO));
    refresh();
    Instant before = LONG_AGO.plusMillis(3);

    List<Versioned<Document>> first = expiredRecords().registered(before, null, 2);

    assertThat(first).containsExactly(documents.get(1), documents.get(2));
    assertThat(expiredRecords().registered(before, first.get(1).value(), 2))
        .containsExactly(documents.get(0));
  }

  private static Document registered(Instant at) {
    return DocumentSamples.createdAt(DocumentSamples.document(), at);
  }

  @Test
  default void withTasksIncludesDocumentsWithTaskBeingDeleted() {
    Document withTasks = DocumentSamples.document();
    Document withDeletedTask = DocumentSamples.document();
    Document withoutTasks = DocumentSamples.document();
    store(TaskSamples.task(withTasks, "ASR", DocumentSamples.CREATED));
    store(TaskSamples.task(withTasks, "OCR", DocumentSamples.CREATED));
    store(TaskSamples.deleted(TaskSamples.task(withDeletedTask, "ASR", DocumentSamples.CREATED)));

    assertThat(
            expiredRecords()
                .withTasks(
                    List.of(
                        withTasks.id(),
                        withDeletedTask.id(),
                        withoutTasks.id(),
                        new DocumentId("missing"))))
        .containsExactlyInAnyOrder(withTasks.id(), withDeletedTask.id());
  }
}
