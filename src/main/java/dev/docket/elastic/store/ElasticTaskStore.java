package dev.docket.elastic.store;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskStore;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Stores tasks in Elasticsearch. */
public final class ElasticTaskStore implements TaskStore {

  private final RecordStore<Task> records;

  public ElasticTaskStore(RecordStore<Task> records) {
    this.records = records;
  }

  @Override
  public CompletionStage<WriteOutcome> create(Task task) {
    return records.create(task.id().value(), task);
  }

  @Override
  public CompletionStage<WriteOutcome> replace(Task task, Version seen) {
    return records.replace(task.id().value(), task, seen);
  }

  @Override
  public CompletionStage<WriteOutcome> remove(TaskId id, Version seen) {
    return records.remove(id.value(), seen);
  }

  @Override
  public CompletionStage<Optional<Versioned<Task>>> find(TaskId id) {
    return records.find(id.value());
  }

  @Override
  public CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids) {
    return records.find(ids, TaskId::value, Task::id);
  }
}
