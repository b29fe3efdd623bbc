package dev.docket.maintenance;

import dev.docket.document.DocumentStore;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.TaskStore;

final class MemoryExpiredRecordsTest implements ExpiredRecordsContract {

  private final MemoryTaskStore tasks = new MemoryTaskStore();
  private final MemoryDocumentStore documents = new MemoryDocumentStore();

  @Override
  public TaskStore tasks() {
    return tasks;
  }

  @Override
  public DocumentStore documents() {
    return documents;
  }

  @Override
  public ExpiredRecords expiredRecords() {
    return new MemoryExpiredRecords(tasks, documents);
  }

  @Override
  public void refresh() {}
}
