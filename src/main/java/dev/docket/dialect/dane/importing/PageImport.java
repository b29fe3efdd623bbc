package dev.docket.dialect.dane.importing;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentStore;
import dev.docket.store.Versioned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Imports some documents with everything that belongs to them. In this order, each step after the
 * one before has been stored: results, tasks (those that Docket sends are held), documents, release
 * of held tasks. So a document that exists is complete, and no task is sent before that.
 *
 * <p>A crash leaves results without tasks or tasks without documents, which no client finds by
 * their document, and held tasks. The next import finds and completes them.
 */
final class PageImport {

  private final DaneRecords dane;
  private final DocumentStore store;
  private final DocumentMapping mapping;
  private final TaskImport tasks;
  private final ImportReport report;
  private final RecordWriter writer;

  PageImport(
      DaneRecords dane,
      DocumentStore store,
      DocumentMapping mapping,
      TaskImport tasks,
      ImportReport report,
      RecordWriter writer) {
    this.dane = dane;
    this.store = store;
    this.mapping = mapping;
    this.tasks = tasks;
    this.report = report;
    this.writer = writer;
  }

  void run(List<DaneHit> hits) {
    Map<DocumentId, Document> documents = map(hits);
    Map<DocumentId, Versioned<Document>> existing = existing(documents.keySet());
    documents.values().removeIf(document -> isObstructed(document, existing));
    Map<String, Document> stored = new HashMap<>();
    Map<String, Document> created = new LinkedHashMap<>();
    for (Document document : documents.values()) {
      Versioned<Document> found = existing.get(document.id());
      if (found == null) {
        created.put(document.id().value(), document);
      } else {
        stored.put(document.id().value(), found.value());
        report.existing(RecordType.DOCUMENT);
      }
    }
    List<DaneHit> taskHits = dane.tasksOf(hits.stream().map(DaneHit::id).toList());
    List<TaskImport.HeldTask> held = tasks.run(taskHits, stored, created);
    Set<DocumentId> rejected = ConcurrentHashMap.newKeySet();
    for (Document document : created.values()) {
      writer.write(
          RecordWriter.RECORD_BYTES,
          () -> store.create(document),
          outcome -> {
            if (!report.written(RecordType.DOCUMENT, document.id().value(), outcome)) {
              rejected.add(document.id());
            }
          });
    }
    writer.await();
    // A task whose document does not exist stays held.
    tasks.release(held.stream().filter(task -> !rejected.contains(task.document())).toList());
  }

  private Map<DocumentId, Document> map(List<DaneHit> hits) {
    Map<DocumentId, Document> documents = new LinkedHashMap<>();
    for (DaneHit hit : hits) {
      try {
        Mapped<Document> mapped = mapping.map(hit);
        documents.put(mapped.value().id(), mapped.value());
        mapped.changes().forEach(change -> report.found(RecordType.DOCUMENT, change, hit.id()));
      } catch (Unmappable unmappable) {
        report.found(RecordType.DOCUMENT, unmappable.finding(), hit.id());
      }
    }
    return documents;
  }

  private Map<DocumentId, Versioned<Document>> existing(Collection<DocumentId> ids) {
    return ids.isEmpty() ? Map.of() : RecordWriter.join(store.find(new ArrayList<>(ids)));
  }

  private boolean isObstructed(Document document, Map<DocumentId, Versioned<Document>> existing) {
    Versioned<Document> found = existing.get(document.id());
    if (found == null) {
      return false;
    }
    Document current = found.value();
    boolean samePair = current.samePair(document.target(), document.creator());
    if (samePair && !current.deleted()) {
      return false;
    }
    ImportFinding obstacle = samePair ? ImportFinding.DELETED : ImportFinding.OTHER_PAIR;
    report.found(RecordType.DOCUMENT, obstacle, document.id().value());
    return true;
  }
}
