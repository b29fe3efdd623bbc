package dev.docket.task;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Stores tasks. Reads by id see the latest write. Stages complete on the store's own threads, so
 * dependent stages must not block.
 *
 * <p>If the store is unavailable, a read fails with {@link StoreUnavailable}, and the outcome of a
 * write is {@link WriteOutcome.Unknown}.
 */
public interface TaskStore {

  /** Creates a record; {@link WriteOutcome.Conflict} if the id is taken. */
  CompletionStage<WriteOutcome> create(Task task);

  /** Replaces the record if its version is still the given one. */
  CompletionStage<WriteOutcome> replace(Task task, Version seen);

  /** Removes the record if its version is still the given one. */
  CompletionStage<WriteOutcome> remove(TaskId id, Version seen);

  /** Finds a record, including that of a task that is being deleted. */
  CompletionStage<Optional<Versioned<Task>>> find(TaskId id);

  /** Finds the existing records of up to 1000 ids, in no particular order. */
  CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids);
}
