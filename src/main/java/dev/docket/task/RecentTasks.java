package dev.docket.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.document.MaxJsonBytes;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.util.Optional;

/**
 * A bounded cache of the tasks that this server wrote last. Its records may be the base of a write,
 * where a stale record only costs a conflict. They are never the base of a refusal, of a no-op or
 * of a response to a reader.
 */
final class RecentTasks {

  /** The size of all records as JSON: 10,000 typical ones. They use about 3 times the memory. */
  private static final long MAX_BYTES = 20L << 20;

  /** The size of a task without the data that its submitter supplied. */
  private static final int TYPICAL_BYTES = 2_000;

  private final Cache<TaskId, Versioned<Task>> cache =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((TaskId id, Versioned<Task> task) -> bytes(task.value()))
          // Evict on the writing thread, so that the cache never exceeds its size for long.
          .executor(Runnable::run)
          .build();

  Optional<Versioned<Task>> get(TaskId id) {
    return Optional.ofNullable(cache.getIfPresent(id));
  }

  void put(Task task, Version version) {
    boolean withResults =
        task.outbox().stream().anyMatch(pending -> pending.effect() instanceof Effect.StoreResults);
    if (withResults || task.state().isFinished()) {
      cache.invalidate(task.id());
    } else {
      cache.put(task.id(), new Versioned<>(task, version));
    }
  }

  void evict(TaskId id) {
    cache.invalidate(id);
  }

  /** The approximate size of a task as JSON, in bytes. */
  static int bytes(Task task) {
    TaskSpec spec = task.spec();
    long bytes =
        MaxJsonBytes.Check.length(spec.args())
            + MaxJsonBytes.Check.length(spec.meta())
            + MaxJsonBytes.Check.length(spec.tags())
            + MaxJsonBytes.Check.length(spec.document().target().extra())
            + MaxJsonBytes.Check.length(spec.document().creator().extra())
            + task.message().length();
    for (Transition transition : task.history()) {
      bytes += 200L + (transition.message() == null ? 0 : transition.message().length());
    }
    // The outbox contains the arguments of the dependencies that are created with the task.
    for (PendingEffect pending : task.outbox()) {
      bytes += 100L + (pending.effect() instanceof Effect.Register register ? bytes(register) : 0);
    }
    bytes += 100L * (task.dependsOn().size() + task.dependents().size());
    return (int) Math.min(TYPICAL_BYTES + bytes, Integer.MAX_VALUE);
  }

  private static long bytes(Effect.Register register) {
    long bytes = 0;
    for (Effect.NeededTask needed : register.needed()) {
      bytes += 100L + MaxJsonBytes.Check.length(needed.args());
    }
    return bytes;
  }
}
