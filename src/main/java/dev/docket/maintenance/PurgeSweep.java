package dev.docket.maintenance;

import dev.docket.concurrent.Stages;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.store.Versioned;
import dev.docket.task.DocumentTasks;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Deletes the tasks of deleted documents: immediately, a minute later, and at the end of an hour,
 * when it also removes the tombstone. The later passes find tasks that were submitted concurrently.
 * An expired document had no tasks; if it has one now, the sweep restores the document instead.
 */
public final class PurgeSweep implements Sweep {

  private static final int PAGE_SIZE = 500;

  private final DocumentService documents;
  private final DocumentTasks tasks;
  private final ExpiredRecords expiredRecords;

  public PurgeSweep(DocumentService documents, DocumentTasks tasks, ExpiredRecords expiredRecords) {
    this.documents = documents;
    this.tasks = tasks;
    this.expiredRecords = expiredRecords;
  }

  @Override
  public String name() {
    return "purge";
  }

  @Override
  public void run() {
    List<Versioned<Document>> due;
    long changed;
    do {
      due = documents.purgeDue(PAGE_SIZE);
      if (due.isEmpty()) {
        return;
      }
      tasks.delete(creationTimes(due.stream().filter(d -> !d.value().expired()).toList()));
      Set<DocumentId> inUse = withTasks(due.stream().filter(d -> d.value().expired()).toList());
      changed =
          Stages.countTrue(
              due.stream()
                  .map(
                      d ->
                          inUse.contains(d.value().id())
                              ? documents.restore(d)
                              : documents.markPurged(d))
                  .toList());
    } while (due.size() == PAGE_SIZE && changed > 0);
  }

  private Set<DocumentId> withTasks(List<Versioned<Document>> expired) {
    return expired.isEmpty()
        ? Set.of()
        : expiredRecords.withTasks(expired.stream().map(d -> d.value().id()).toList());
  }

  private static Map<DocumentId, Instant> creationTimes(List<Versioned<Document>> deleted) {
    Map<DocumentId, Instant> times = new HashMap<>();
    for (Versioned<Document> document : deleted) {
      Instant createdAt = document.value().purgedCreatedAt();
      if (createdAt != null) {
        times.put(document.value().id(), createdAt);
      }
    }
    return times;
  }
}
