package dev.docket.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are next in the order of their key, so that a slot that becomes free needs no
 * search. They are dropped soon, because a task with a higher priority may have come meanwhile.
 * Thread-safe.
 */
final class Candidates {

  /** The number of tasks that are kept for a key. */
  static final int MAX_FOR_KEY = 200;

  private static final int MAX_KEYS = 100;
  private static final Duration MAX_AGE = Duration.ofSeconds(1);

  private final Cache<TaskKey, Queue<Versioned<Task>>> byKey =
      Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterWrite(MAX_AGE).build();

  /** Replaces the tasks of a key. */
  void put(TaskKey key, List<Versioned<Task>> inOrder) {
    byKey.put(key, new ConcurrentLinkedQueue<>(inOrder));
  }

  /** Removes and returns the next task of a key; null if none is known. */
  @Nullable Versioned<Task> next(TaskKey key) {
    Queue<Versioned<Task>> tasks = byKey.getIfPresent(key);
    return tasks == null ? null : tasks.poll();
  }
}
