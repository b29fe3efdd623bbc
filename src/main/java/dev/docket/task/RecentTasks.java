package dev.docket.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.document.JsonBytes;
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
  private static final long MOST_BYTES = 20L << 20;

  /** What a task is without what its sender put in. */
  private static final int USUAL_BYTES = 2_000;

  private final Cache<TaskId, Versioned<Task>> cache =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
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
        JsonBytes.Check.length(spec.args())
            + JsonBytes.Check.length(spec.meta())
            + JsonBytes.Check.length(spec.callback())
            + JsonBytes.Check.length(spec.tags())
            + JsonBytes.Check.length(spec.document().target().extra())
            + JsonBytes.Check.length(spec.document().creator().extra())
            + task.message().length();
    for (Move move : task.history()) {
      own += 200L + (move.message() == null ? 0 : move.message().length());
    }
    // Of a dependency that is made with the task its arguments are in the outbox.
    for (PendingEffect pending : task.outbox()) {
      own += 100L + (pending.effect() instanceof Effect.Register register ? bytes(register) : 0);
    }
    own += 100L * (task.dependsOn().size() + task.dependents().size());
    return (int) Math.min(USUAL_BYTES + own, Integer.MAX_VALUE);
  }

  private static long bytes(Effect.Register register) {
    long own = 0;
    for (Effect.Needed needed : register.needed()) {
      own += 100L + JsonBytes.Check.length(needed.args());
    }
    return own;
  }
}
