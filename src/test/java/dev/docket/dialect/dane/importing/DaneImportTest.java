package dev.docket.dialect.dane.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.simulation.CrashingProxy;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.TaskMachine;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Imports into stores in memory that have records already. */
final class DaneImportTest {

  private final MemoryImport docket = new MemoryImport();
  private final DaneSampleData data = new DaneSampleData();
  private final String document = data.document("film", "archive", Map.of(), Map.of());
  private final String task = data.task(document, "ASR", 200, Map.of());
  private final String result = data.result(task, Map.of("n", 1));

  private ImportReport run() {
    return docket.run(new SampleRecords(data));
  }

  private void change(UnaryOperator<Document> change) {
    DocumentId id = new DocumentId(document);
    Versioned<Document> found =
        docket.documents.find(id).toCompletableFuture().join().orElseThrow();
    docket.documents.replace(change.apply(found.value()), found.version());
  }

  @Test
  void leavesExistingRecordsAsTheyAre() {
    run();
    Task before = docket.task(task);
    ((ObjectNode) data.records().get(1).source().path("task")).put("state", 500);

    ImportReport report = run();

    assertThat(docket.task(task)).isEqualTo(before);
    assertThat(report.text())
        .containsPattern("documents +1 +0 +1 +0\n")
        .containsPattern("tasks +1 +0 +1 +0\n")
        .containsPattern("results +1 +0 +1 +0\n");
  }

  @Test
  void reportsResultThatDaneStoredLater() {
    run();
    String later = data.result(task, Map.of("n", 2));

    ImportReport report = run();

    assertThat(docket.resultsById()).containsOnlyKeys(result);
    assertThat(report.text()).contains("1 result: " + ImportFinding.ADDED_LATER.text());
    assertThat(report.text()).contains("after its task had been imported; for example " + later);
  }

  @Test
  void releasesNoTaskOfARejectedDocument() {
    String open = data.task(document, "OCR", 201, Map.of());

    ImportReport report =
        docket.run(
            new SampleRecords(data),
            (call, isAsynchronous, work) ->
                call.equals("DocumentStore.create")
                    ? CompletableFuture.completedStage(new WriteOutcome.Rejected("too large"))
                    : work.call());

    assertThat(ImportedTask.isHeld(docket.task(open))).isTrue();
    assertThat(report.text()).contains("1 document: " + ImportFinding.REJECTED.text());
  }

  @Test
  void doesNotBringBackADeletedDocument() {
    run();
    change(existing -> existing.asDeleted(MemoryImport.NOW));
    docket.tasks.all().forEach(each -> docket.tasks.remove(each.value().id(), each.version()));

    ImportReport report = run();

    assertThat(docket.tasks.all()).isEmpty();
    assertThat(report.text()).contains("1 document: " + ImportFinding.DELETED.text());
    assertThat(report.text()).contains("1 task: " + ImportFinding.DOCUMENT_NOT_IMPORTED.text());
    assertThat(report.text()).contains("1 result: " + ImportFinding.TASK_NOT_IMPORTED.text());
  }

  @Test
  void doesNotAddTasksToTheDocumentOfAnotherPair() {
    DaneSampleData other = new DaneSampleData();
    String shared = other.document("12", "3", Map.of(), Map.of());
    docket.run(new SampleRecords(other));
    assertThat(data.document("1", "23", Map.of(), Map.of())).isEqualTo(shared);
    String lost = data.task(shared, "ASR", 201, Map.of());

    ImportReport report = run();

    assertThat(docket.tasksById()).containsKey(task).doesNotContainKey(lost);
    assertThat(docket.documentsById().get(shared).target().id()).isEqualTo("12");
    assertThat(report.text()).contains("1 document: " + ImportFinding.OTHER_PAIR.text());
    assertThat(report.text()).contains("1 task: " + ImportFinding.DOCUMENT_NOT_IMPORTED.text());
  }

  @Test
  void listsResultsOldestFirst() {
    String oldest = data.result(task, Map.of("n", 2));
    data.records().get(3).source().put("created_at", "2020-01-01T00:00:00");
    String same = data.result(task, Map.of("n", 3));
    data.records().get(4).source().put("created_at", "2020-01-01T00:00:00");

    run();

    assertThat(docket.task(task).latestResults().ids())
        .extracting(ResultId::value)
        .containsExactly(oldest, same, result);
  }

  @Test
  void documentHasTheTimesThatItsTasksHaveCopied() {
    data.records().get(0).source().remove(Set.of("created_at", "updated_at"));
    data.task(document, "OCR", 201, Map.of());
    CrashingProxy crash =
        (call, isAsynchronous, work) -> {
          if (call.equals("DocumentStore.create")) {
            throw new IllegalStateException("crashed");
          }
          return work.call();
        };
    assertThatThrownBy(() -> docket.run(new SampleRecords(data), crash)).hasMessage("crashed");
    data.task(document, "LATE", 200, Map.of());

    docket.run(
        new SampleRecords(data),
        CrashingProxy.PASS_THROUGH,
        MemoryImport.NOW.plus(Duration.ofDays(1)));

    assertThat(docket.documentsById().get(document).createdAt()).isEqualTo(MemoryImport.NOW);
    assertThat(docket.tasksById().values())
        .hasSize(3)
        .allMatch(each -> each.spec().document().createdAt().equals(MemoryImport.NOW));
  }

  @Test
  void releasedTaskKeepsTheTasksThatWaitForIt() {
    String waiting = data.task(document, "OCR", 201, Map.of());
    TaskId dependent = new TaskId("dependent");
    CrashingProxy registering =
        (call, isAsynchronous, work) -> {
          if (call.equals("TaskStore.replace") && docket.task(waiting).dependents().isEmpty()) {
            register(dependent, new TaskId(waiting));
          }
          return work.call();
        };

    docket.run(new SampleRecords(data), registering);

    assertThat(ImportedTask.isHeld(docket.task(waiting))).isFalse();
    assertThat(docket.task(waiting).dependents()).containsExactly(dependent);
  }

  private void register(TaskId dependent, TaskId with) {
    Versioned<Task> found = docket.tasks.find(with).toCompletableFuture().join().orElseThrow();
    Decision decision =
        TaskMachine.apply(
            found.value(),
            new Command.AddDependent(dependent),
            MemoryImport.POLICIES.of(found.value()),
            new DecisionContext(MemoryImport.NOW, "0123456789abcdef0123456789abcdef", 0));
    docket.tasks.replace(decision.task(), found.version());
  }
}
