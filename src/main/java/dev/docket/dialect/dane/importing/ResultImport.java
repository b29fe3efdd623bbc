package dev.docket.dialect.dane.importing;

import dev.docket.dialect.dane.importing.ResultMapping.ResultWithPayload;
import dev.docket.result.Result;
import dev.docket.store.Unstorable;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Imports the results of some tasks, before the tasks themselves are stored. */
final class ResultImport {

  private final DaneRecords dane;
  private final ImportStores stores;
  private final ResultMapping mapping;
  private final ImportReport report;
  private final RecordWriter writer;

  ResultImport(
      DaneRecords dane,
      ImportStores stores,
      ResultMapping mapping,
      ImportReport report,
      RecordWriter writer) {
    this.dane = dane;
    this.stores = stores;
    this.mapping = mapping;
    this.report = report;
    this.writer = writer;
  }

  /** Reports the results of tasks that are not imported. */
  void skipAll(Collection<String> tasks) {
    if (!tasks.isEmpty()) {
      dane.resultIdsOf(
          tasks, hit -> report.found(RecordType.RESULT, ImportFinding.TASK_NOT_IMPORTED, hit.id()));
    }
  }

  /** Reports the results of tasks that were imported before. */
  void skipListed(Collection<Task> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    Set<String> listed = new HashSet<>();
    for (Task task : tasks) {
      task.resultRuns()
          .forEach(run -> run.resultIds(task.id()).forEach(id -> listed.add(id.value())));
    }
    dane.resultIdsOf(
        tasks.stream().map(task -> task.id().value()).toList(),
        hit -> {
          if (listed.contains(hit.id())) {
            report.existing(RecordType.RESULT);
          } else {
            report.found(RecordType.RESULT, ImportFinding.ADDED_LATER, hit.id());
          }
        });
  }

  /** Stores the results of tasks. Returns those that are stored, by task. */
  Map<TaskId, TaskResults> store(Map<TaskId, ImportedTask> tasks) {
    Map<TaskId, TaskResults> stored = new HashMap<>();
    if (tasks.isEmpty()) {
      return stored;
    }
    dane.resultsOf(
        tasks.keySet().stream().map(TaskId::value).toList(),
        hit -> {
          ImportedTask task = tasks.get(new TaskId(hit.parent()));
          if (task != null) {
            store(hit, task, stored.computeIfAbsent(task.id(), any -> new TaskResults()));
          }
        });
    writer.await();
    return stored;
  }

  private void store(DaneHit hit, ImportedTask task, TaskResults ofTask) {
    try {
      int number = ofTask.nextNumber();
      Mapped<ResultWithPayload> mapped = mapping.map(hit, task);
      mapped.changes().forEach(change -> report.found(RecordType.RESULT, change, hit.id()));
      ResultWithPayload value = mapped.value();
      writer.write(
          value.bytes(), () -> create(value), outcome -> onOutcome(value, outcome, ofTask, number));
    } catch (Unmappable unmappable) {
      report.found(RecordType.RESULT, unmappable.finding(), hit.id());
    }
  }

  /** The payload first, also if the result exists: a sweep may have removed it since. */
  private CompletionStage<WriteOutcome> create(ResultWithPayload value) {
    Result result = value.result();
    byte[] large = value.large();
    return large == null
        ? stores.results().create(result, null)
        : stores
            .payloads()
            .store(result.id(), value.owner(), large)
            .thenCompose(stored -> stores.results().create(result, value.searched()))
            .exceptionallyCompose(
                RecordWriter.outcomeOf(Unstorable.class, WriteOutcome.Rejected::new));
  }

  private void onOutcome(
      ResultWithPayload value, WriteOutcome outcome, TaskResults ofTask, int number) {
    ResultId id = value.result().id();
    if (report.written(RecordType.RESULT, id.value(), outcome)) {
      ofTask.add(id, value.result().createdAt(), number);
    }
  }
}
