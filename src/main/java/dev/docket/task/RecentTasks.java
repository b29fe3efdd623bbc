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
 * The tasks that this server wrote last. It may feed a write, which a stale one only costs a
 * conflict; a refusal, a no-op or an answer to a reader never rests on it.
 */
final class RecentTasks {

  /** Of all together: 10,000 of the usual ones. Memory holds about three times as much. */
  private static final long MAX_BYTES = 20L << 20;

  /** What a task is without what its sender put in. */
  private static final int TYPICAL_BYTES = 2_000;

  private final Cache<TaskId, Versioned<Task>> cache =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((TaskId id, Versioned<Task> task) -> bytes(task.value()))
          // Whoever puts one in takes others out, so that there are never too many for a while.
          .executor(Runnable::run)
          .build();

  Optional<Versioned<Task>> get(TaskId id) {
    return Optional.ofNullable(cache.getIfPresent(id));
  }

  void put(Task task, Version version) {
    boolean withResults =
        task.outbox().stream().anyMatch(p -> p.effect() instanceof Effect.StoreResults);
    if (withResults || task.state().isFinished()) {
      cache.invalidate(task.id());
    } else {
      cache.put(task.id(), new Versioned<>(task, version));
    }
  }

  void forget(TaskId id) {
    cache.invalidate(id);
  }

  /** About how many bytes it is as JSON. */
  static int bytes(Task task) {
    TaskSpec spec = task.spec();
    long own =
        MaxJsonBytes.Check.length(spec.args())
            + MaxJsonBytes.Check.length(spec.meta())
            + MaxJsonBytes.Check.length(spec.callback())
            + MaxJsonBytes.Check.length(spec.tags())
            + MaxJsonBytes.Check.length(spec.document().target().extra())
            + MaxJsonBytes.Check.length(spec.document().creator().extra())
            + task.message().length();
    for (Transition transition : task.history()) {
      own += 200L + (transition.message() == null ? 0 : transition.message().length());
    }
    // Of a dependency that is made with the task its arguments are in the outbox.
    for (PendingEffect pending : task.outbox()) {
      own += 100L + (pending.effect() instanceof Effect.Register register ? bytes(register) : 0);
    }
    own += 100L * (task.dependsOn().size() + task.dependents().size());
    return (int) Math.min(TYPICAL_BYTES + own, Integer.MAX_VALUE);
  }

  private static long bytes(Effect.Register register) {
    long own = 0;
    for (Effect.Needed needed : register.needed()) {
      own += 100L + MaxJsonBytes.Check.length(needed.args());
    }
    return own;
  }
}
