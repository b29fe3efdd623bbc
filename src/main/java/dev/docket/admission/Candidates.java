package dev.docket.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are next in the order of their key, so that a slot that becomes free needs no
 * search. They are dropped soon, because a task with a higher priority may have come meanwhile.
 * Thread-safe.
 */
final class Candidates {

  /** The number of tasks that are kept for a key. */
  static final int MAX_FOR_KEY = 200;

  /** Servers that admit tasks of the same key take one of so many, so that they rarely collide. */
  private static final int MAX_CHOICE = 16;

  private static final int MAX_KEYS = 100;
  private static final Duration MAX_AGE = Duration.ofSeconds(1);

  private final TaskStore store;
  private final Cache<TaskKey, Waiting> byKey =
      Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterWrite(MAX_AGE).build();

  Candidates(TaskStore store) {
    this.store = store;
  }

  /** Replaces the tasks of a key. */
  void put(TaskKey key, List<Versioned<Task>> inOrder) {
    byKey.put(key, new Waiting(inOrder, false));
  }

  /** Removes and returns the next task of a key; null if none is known. */
  @Nullable Versioned<Task> next(TaskKey key) {
    Waiting waiting = byKey.getIfPresent(key);
    return waiting == null ? null : waiting.next();
  }

  /**
   * Drops the tasks of a key that no longer wait, because another server has admitted one of them.
   * Completes when they are dropped.
   */
  CompletionStage<@Nullable Void> dropStale(TaskKey key) {
    Waiting waiting = byKey.getIfPresent(key);
    List<Versioned<Task>> rest = waiting == null ? List.of() : waiting.removeAll();
    if (rest.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    return store
        .find(rest.stream().map(task -> task.value().id()).toList())
        .thenAccept(current -> byKey.put(key, new Waiting(stillWaiting(rest, current), true)));
  }

  private static List<Versioned<Task>> stillWaiting(
      List<Versioned<Task>> tasks, Map<?, Versioned<Task>> current) {
    return tasks.stream()
        .<@Nullable Versioned<Task>>map(task -> current.get(task.value().id()))
        .filter(Objects::nonNull)
        .filter(task -> !task.value().deleted() && task.value().run().limitedSince() != null)
        .toList();
  }

  /** The waiting tasks of a key, in order. */
  private static final class Waiting {

    private final List<Versioned<Task>> tasks;

    /** Whether another server admits tasks of the key, too. */
    private final boolean shared;

    Waiting(List<Versioned<Task>> tasks, boolean shared) {
      this.tasks = new ArrayList<>(tasks);
      this.shared = shared;
    }

    synchronized @Nullable Versioned<Task> next() {
      return tasks.isEmpty() ? null : tasks.remove(shared ? choice() : 0);
    }

    /** One of the first tasks, with the same priority as the very first. */
    private int choice() {
      int priority = tasks.get(0).value().spec().priority();
      int count = 1;
      while (count < Math.min(MAX_CHOICE, tasks.size())
          && tasks.get(count).value().spec().priority() == priority) {
        count++;
      }
      return ThreadLocalRandom.current().nextInt(count);
    }

    synchronized List<Versioned<Task>> removeAll() {
      List<Versioned<Task>> all = List.copyOf(tasks);
      tasks.clear();
      return all;
    }
  }
}
