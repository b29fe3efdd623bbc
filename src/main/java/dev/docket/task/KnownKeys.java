package dev.docket.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.store.StoreUnavailable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task keys that are registered or have tasks. Callers can invent keys, and each key that
 * Docket acts on costs queues and memory; so it acts on known keys only. Thread-safe.
 *
 * <p>A key that has tasks is remembered until nobody has asked for it for an hour, even if its
 * tasks are deleted meanwhile. Unknown keys are not remembered. The key of a task that this server
 * creates is known at once; a task of another server is found when searches find it.
 */
public final class KnownKeys implements TaskListener {

  private static final Logger LOG = LoggerFactory.getLogger(KnownKeys.class);

  private static final int MAX_REMEMBERED = 10_000;
  private static final Duration RETENTION = Duration.ofHours(1);

  /** The maximum number of keys in one search. */
  static final int MAX_SEARCHED = 10_000;

  private final Predicate<TaskKey> registered;
  private final TaskKeySearch search;
  private final Executor blocking;
  private final Cache<TaskKey, Boolean> withTasks =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterAccess(RETENTION).build();
  private final List<Consumer<TaskKey>> listeners = new CopyOnWriteArrayList<>();

  /** Guarded by this; the keys for the next search, null if there are none. */
  private @Nullable Lookup next;

  /** Guarded by this. */
  private boolean searching;

  /**
   * @param registered whether the configuration or a service names a key
   * @param blocking executor for searches; one search runs at a time
   */
  public KnownKeys(Predicate<TaskKey> registered, TaskKeySearch search, Executor blocking) {
    this.registered = registered;
    this.search = search;
    this.blocking = blocking;
  }

  /** Keys that are searched together. */
  private static final class Lookup {
    private final Set<TaskKey> keys = new HashSet<>();
    private final CompletableFuture<Set<TaskKey>> found = new CompletableFuture<>();
  }

  /** Calls the listener, on a thread that may block, for each key that becomes known. */
  public void whenKnown(Consumer<TaskKey> listener) {
    listeners.add(listener);
  }

  /** Whether the key is registered, so that its queues are the operator's choice. */
  public boolean isRegistered(TaskKey key) {
    return registered.test(key);
  }

  /** Whether the key is registered or remembered. Does not block. */
  public boolean isKnown(TaskKey key) {
    return isRegistered(key) || withTasks.getIfPresent(key) != null;
  }

  /**
   * The known ones of these keys. Searches only for those that are neither registered nor
   * remembered; calls at the same time share a search. The stage completes on a thread that may
   * block, and fails with {@link StoreUnavailable}.
   */
  public CompletionStage<Set<TaskKey>> find(Set<TaskKey> keys) {
    Set<TaskKey> unknown =
        keys.stream().filter(key -> !isKnown(key)).collect(Collectors.toUnmodifiableSet());
    if (unknown.isEmpty()) {
      return CompletableFuture.completedStage(Set.copyOf(keys));
    }
    return lookUp(unknown)
        .thenApply(
            found ->
                keys.stream()
                    .filter(key -> !unknown.contains(key) || found.contains(key))
                    .collect(Collectors.toUnmodifiableSet()));
  }

  private CompletionStage<Set<TaskKey>> lookUp(Set<TaskKey> unknown) {
    Lookup lookup;
    synchronized (this) {
      if (next == null) {
        next = new Lookup();
      }
      next.keys.addAll(unknown);
      lookup = next;
      if (searching) {
        return lookup.found;
      }
      searching = true;
    }
    try {
      blocking.execute(this::searchUntilDone);
    } catch (RejectedExecutionException e) {
      Lookup failed = takeNext();
      while (failed != null) {
        failed.found.completeExceptionally(
            new StoreUnavailable("too many searches are waiting; try again"));
        failed = takeNext();
      }
    }
    return lookup.found;
  }

  /** Returns null, and ends the search, if there are no keys to search. */
  private synchronized @Nullable Lookup takeNext() {
    Lookup taken = next;
    next = null;
    searching = taken != null;
    return taken;
  }

  private void searchUntilDone() {
    Lookup lookup = takeNext();
    while (lookup != null) {
      try {
        lookup.found.complete(search(lookup.keys));
      } catch (RuntimeException e) {
        lookup.found.completeExceptionally(e);
      }
      lookup = takeNext();
    }
  }

  private Set<TaskKey> search(Set<TaskKey> keys) {
    Set<TaskKey> found = new HashSet<>();
    List<TaskKey> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += MAX_SEARCHED) {
      found.addAll(search.withTasks(all.subList(from, Math.min(all.size(), from + MAX_SEARCHED))));
    }
    found.forEach(
        key -> {
          if (remember(key)) {
            announce(key);
          }
        });
    return found;
  }

  /** Whether the key was not known before. */
  private boolean remember(TaskKey key) {
    return !isKnown(key) && withTasks.asMap().putIfAbsent(key, true) == null;
  }

  private void announce(TaskKey key) {
    listeners.forEach(listener -> listener.accept(key));
  }

  @Override
  public void created(Task task) {
    TaskKey key = task.key();
    if (remember(key)) {
      try {
        blocking.execute(() -> announce(key));
      } catch (RejectedExecutionException e) {
        LOG.debug("Too much work is waiting; open polls find key {} by searching", key, e);
      }
    }
  }
}
