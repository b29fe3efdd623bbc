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

/** What all {@link ExpiredRecords} do. The tests share a store; each uses times of its own. */
public interface ExpiredRecordsContract {

  Instant LONG_AGO = Instant.parse("1990-01-01T00:00:00Z");

  TaskStore tasks();

  DocumentStore documents();

  ExpiredRecords old();

  private Versioned<Task> stored(Task task) {
    WriteOutcome saved = tasks().create(task).toCompletableFuture().join();
    return new Versioned<>(task, ((WriteOutcome.Stored) saved).version());
  }

  private Versioned<Document> stored(Document document) {
    WriteOutcome saved = documents().create(document).toCompletableFuture().join();
    return new Versioned<>(document, ((WriteOutcome.Stored) saved).version());
  }

  private static Task ended(Instant at) {
    return TaskSamples.ended(TaskSamples.task("ASR"), TaskState.ERROR, at, null, null);
  }

  /** Lets searches see what was written. */
  void refresh();

  @Test
  default void tasksThatEndedBeforeAreFoundTheEarliestFirstInPages() {
    List<Versioned<Task>> tasks = new ArrayList<>();
    for (int i : new int[] {2, 0, 1}) {
      tasks.add(stored(ended(LONG_AGO.plusMillis(i))));
    }
    stored(ended(LONG_AGO.plusMillis(3)));
    stored(TaskSamples.deleted(ended(LONG_AGO)));
    stored(TaskSamples.task("ASR"));
    refresh();
    Instant before = LONG_AGO.plusMillis(3);

    List<Versioned<Task>> first = old().ended(before, null, 2);

    assertThat(first).containsExactly(tasks.get(1), tasks.get(2));
    assertThat(old().ended(before, first.get(1).value(), 2)).containsExactly(tasks.get(0));
  }

  @Test
  default void onlyThoseThatSomebodyStillWaitsForAreWaitedFor() {
    Task needed = TaskSamples.task("NEEDED");
    Task done = TaskSamples.task("DONE");
    Task waiting = TaskSamples.task("WAITING");
    stored(
        TaskMachine.create(
            waiting.id(),
            waiting.spec(),
            List.of(new Effect.Needed(needed.id(), needed.key(), null)),
            null,
            TaskSamples.context(DocumentSamples.CREATED)));
    Task gone = TaskSamples.task("GONE");
    stored(
        TaskSamples.deleted(
            TaskMachine.create(
                gone.id(),
                gone.spec(),
                List.of(new Effect.Needed(done.id(), done.key(), null)),
                null,
                TaskSamples.context(DocumentSamples.CREATED))));

    assertThat(old().waitedFor(List.of(needed.id(), done.id(), new TaskId("nobody"))))
        .containsExactly(needed.id());
  }

  @Test
  default void documentsThatWereRegisteredBeforeAreFoundTheEarliestFirstInPages() {
    List<Versioned<Document>> documents = new ArrayList<>();
    for (int i : new int[] {2, 0, 1}) {
      documents.add(stored(registered(LONG_AGO.plusMillis(i))));
    }
    stored(registered(LONG_AGO.plusMillis(3)));
    stored(registered(LONG_AGO).deletedAt(LONG_AGO));
    stored(DocumentSamples.purgeDue(registered(LONG_AGO), LONG_AGO));
    refresh();
    Instant before = LONG_AGO.plusMillis(3);

    List<Versioned<Document>> first = old().registered(before, null, 2);

    assertThat(first).containsExactly(documents.get(1), documents.get(2));
    assertThat(old().registered(before, first.get(1).value(), 2)).containsExactly(documents.get(0));
  }

  private static Document registered(Instant at) {
    return DocumentSamples.createdAt(DocumentSamples.document(), at);
  }

  @Test
  default void aTaskThatIsBeingDeletedIsStillATaskOfItsDocument() {
    Document open = DocumentSamples.document();
    Document leaving = DocumentSamples.document();
    Document without = DocumentSamples.document();
    stored(TaskSamples.task(open, "ASR", DocumentSamples.CREATED));
    stored(TaskSamples.task(open, "OCR", DocumentSamples.CREATED));
    stored(TaskSamples.deleted(TaskSamples.task(leaving, "ASR", DocumentSamples.CREATED)));

    assertThat(
            old()
                .withTasks(
                    List.of(open.id(), leaving.id(), without.id(), new DocumentId("nobody"))))
        .containsExactlyInAnyOrder(open.id(), leaving.id());
  }
}
