package dev.docket.counts;

import dev.docket.document.DocumentStore;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.TaskStore;

final class MemoryCountsTest implements CountsContract {

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
  public Counts counts() {
    return new MemoryCounts(tasks, documents::all, () -> 0);
  }

  @Override
  public void refresh() {}
}
