package dev.docket.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.document.Version;
import dev.docket.document.Versioned;
import java.util.Optional;

/**
 * The tasks that this server wrote last. It may feed a write, which a stale one only costs a
 * conflict; a refusal, a no-op or an answer to a reader never rests on it.
 */
final class RecentTasks {

  /** Tasks are some KiB each; one that carries results or many moves is not kept. */
  private static final int MOST = 10_000;

  private final Cache<TaskId, Versioned<Task>> cache =
      Caffeine.newBuilder().maximumSize(MOST).build();

  Optional<Versioned<Task>> get(TaskId id) {
    return Optional.ofNullable(cache.getIfPresent(id));
  }

  void put(Task task, Version version) {
    boolean heavy =
        task.dependents().size() > 20
            || task.outbox().stream().anyMatch(p -> p.effect() instanceof Effect.StoreResults);
    if (heavy || task.state().isFinished()) {
      cache.invalidate(task.id());
    } else {
      cache.put(task.id(), new Versioned<>(task, version));
    }
  }

  void forget(TaskId id) {
    cache.invalidate(id);
  }
}
