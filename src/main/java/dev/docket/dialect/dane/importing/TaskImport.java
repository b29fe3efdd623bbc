package dev.docket.dialect.dane.importing;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSpec;
import dev.docket.task.machine.DecisionContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Imports the tasks of some documents with their results. */
final class TaskImport {

  /** How many records the store reads at once. */
  private static final int MAX_READ = 1_000;

  private static final int MAX_CONFLICTS = 10;

  private final ImportStores stores;
  private final TaskMapping mapping;
  private final ResultImport results;
  private final ImportReport report;
  private final Supplier<DecisionContext> contexts;
  private final RecordWriter writer;

  TaskImport(
      ImportStores stores,
      TaskMapping mapping,
      ResultImport results,
      ImportReport report,
      Supplier<DecisionContext> contexts,
      RecordWriter writer) {
    this.stores = stores;
    this.mapping = mapping;
    this.results = results;
    this.report = report;
    this.contexts = contexts;
    this.writer = writer;
  }

  /** A task that is stored as held, with that record. */
  record HeldTask(ImportedTask task, @Nullable ResultRun results, Versioned<Task> held) {
    DocumentId document() {
      return held.value().spec().document().id();
    }
  }

  /**
   * Stores tasks and their results.
   *
   * @param stored the documents that are stored already
   * @param created the documents that are stored afterwards; those of which an interrupted import
   *     has stored tasks get the times that it read, because a task belongs to a document with the
   *     same creation time
   * @return the tasks to be released when the documents are stored
   */
  List<HeldTask> run(
      List<DaneHit> hits, Map<String, Document> stored, Map<String, Document> created) {
    Map<TaskId, Versioned<Task>> found = find(hits);
    for (Versioned<Task> each : found.values()) {
      TaskSpec.DocumentCopy copy = each.value().spec().document();
      created.computeIfPresent(
          copy.id().value(), (id, document) -> DocumentMapping.withTimesOf(copy, document));
    }
    Map<String, Document> documents = new HashMap<>(stored);
    documents.putAll(created);
    List<HeldTask> held = new ArrayList<>();
    for (int from = 0; from < hits.size(); from += MAX_READ) {
      List<DaneHit> part = hits.subList(from, Math.min(hits.size(), from + MAX_READ));
      held.addAll(runPart(part, documents, found));
    }
    return held;
  }

  private Map<TaskId, Versioned<Task>> find(List<DaneHit> hits) {
    List<TaskId> ids = new ArrayList<>();
    for (DaneHit hit : hits) {
      TaskMapping.id(hit).ifPresent(ids::add);
    }
    Map<TaskId, Versioned<Task>> found = new HashMap<>();
    for (int from = 0; from < ids.size(); from += MAX_READ) {
      found.putAll(
          RecordWriter.join(
              stores.tasks().find(ids.subList(from, Math.min(ids.size(), from + MAX_READ)))));
    }
    return found;
  }

  private List<HeldTask> runPart(
      List<DaneHit> hits, Map<String, Document> documents, Map<TaskId, Versioned<Task>> found) {
    List<String> rejected = new ArrayList<>();
    Map<TaskId, ImportedTask> tasks = map(hits, documents, rejected);
    results.skipAll(rejected);
    List<Task> complete = new ArrayList<>();
    for (TaskId id : List.copyOf(tasks.keySet())) {
      Versioned<Task> earlier = found.get(id);
      if (earlier != null && !ImportedTask.isHeld(earlier.value())) {
        complete.add(earlier.value());
        tasks.remove(id);
        report.existing(RecordType.TASK);
      }
    }
    results.skipListed(complete);
    Map<TaskId, TaskResults> stored = results.store(tasks);
    List<HeldTask> held = Collections.synchronizedList(new ArrayList<>());
    for (ImportedTask task : tasks.values()) {
      TaskResults ofTask = stored.get(task.id());
      ResultRun run = ofTask == null ? null : ofTask.run(task);
      if (run != null && !task.imported().isSuccess()) {
        report.found(RecordType.TASK, ImportFinding.RESULTS_WITHOUT_SUCCESS, task.id().value());
      }
      Versioned<Task> earlier = found.get(task.id());
      if (earlier != null) {
        held.add(new HeldTask(task, run, earlier));
      } else {
        create(task, run, held);
      }
    }
    writer.await();
    return held;
  }

  private Map<TaskId, ImportedTask> map(
      List<DaneHit> hits, Map<String, Document> documents, List<String> rejected) {
    Map<TaskId, ImportedTask> tasks = new LinkedHashMap<>();
    for (DaneHit hit : hits) {
      Document document = documents.get(hit.parent());
      try {
        if (document == null) {
          throw new Unmappable(ImportFinding.DOCUMENT_NOT_IMPORTED);
        }
        Mapped<ImportedTask> mapped = mapping.map(hit, document);
        tasks.put(mapped.value().id(), mapped.value());
        mapped.changes().forEach(change -> report.found(RecordType.TASK, change, hit.id()));
      } catch (Unmappable unmappable) {
        report.found(RecordType.TASK, unmappable.finding(), hit.id());
        rejected.add(hit.id());
      }
    }
    return tasks;
  }

  private void create(ImportedTask task, @Nullable ResultRun run, List<HeldTask> held) {
    boolean isHeld = !task.state().isFinished();
    Task record = isHeld ? task.held(run, contexts.get()) : task.ended(run, contexts.get());
    writer.write(
        RecordWriter.RECORD_BYTES,
        () -> stores.tasks().create(record).thenCompose(outcome -> withVersion(record, outcome)),
        outcome -> {
          if (isHeld && outcome instanceof WriteOutcome.Stored created) {
            held.add(new HeldTask(task, run, new Versioned<>(record, created.version())));
          } else {
            report.written(RecordType.TASK, task.id().value(), outcome);
          }
        });
  }

  /** Recognizes the record of a write whose response was lost. */
  private CompletionStage<WriteOutcome> withVersion(Task record, WriteOutcome outcome) {
    if (!(outcome instanceof WriteOutcome.Conflict)) {
      return CompletableFuture.completedStage(outcome);
    }
    return stores
        .tasks()
        .find(record.id())
        .thenApply(
            found ->
                found
                    .filter(each -> isSameRecord(each.value(), record))
                    .<WriteOutcome>map(each -> new WriteOutcome.Stored(each.version()))
                    .orElse(outcome));
  }

  private static boolean isSameRecord(Task one, Task other) {
    return one.isCurrentRun(other.run().ref())
        && ImportedTask.isHeld(one) == ImportedTask.isHeld(other);
  }

  /** Releases held tasks, so that servers send them. */
  void release(List<HeldTask> held) {
    for (HeldTask each : held) {
      writer.write(
          RecordWriter.RECORD_BYTES,
          () -> release(each, each.held(), 0),
          // If not stored, another import has released it meanwhile, or somebody has changed it.
          outcome -> report.written(RecordType.TASK, each.task().id().value(), outcome));
    }
    writer.await();
  }

  /** A task that was released a moment before may register with this one meanwhile. */
  private CompletionStage<WriteOutcome> release(
      HeldTask task, Versioned<Task> held, int conflicts) {
    Task released = task.task().released(task.results(), held.value(), contexts.get());
    return stores
        .tasks()
        .replace(released, held.version())
        .thenCompose(outcome -> withVersion(released, outcome))
        .thenCompose(
            outcome ->
                outcome instanceof WriteOutcome.Conflict && conflicts < MAX_CONFLICTS
                    ? stores
                        .tasks()
                        .find(released.id())
                        .thenCompose(
                            found ->
                                found
                                    .filter(current -> ImportedTask.isHeld(current.value()))
                                    .map(current -> release(task, current, conflicts + 1))
                                    .orElse(CompletableFuture.completedStage(outcome)))
                    : CompletableFuture.completedStage(outcome));
  }
}
