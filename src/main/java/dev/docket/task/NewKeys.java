package dev.docket.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.http.Problem;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Limits how many task keys one caller can introduce by submitting tasks. Each key can cost queues,
 * metrics and rows of statistics on every server. Thread-safe.
 */
public final class NewKeys {

  private static final int MAX_SUBMITTERS = 10_000;

  private final KnownKeys known;
  private final int max;

  /** The introduced keys of each submitter. */
  private final Cache<String, Set<TaskKey>> introduced =
      Caffeine.newBuilder().maximumSize(MAX_SUBMITTERS).build();

  /**
   * @param max the maximum number of new keys of one caller since the start of this server
   */
  public NewKeys(KnownKeys known, int max) {
    this.known = known;
    this.max = max;
  }

  /**
   * Admits keys that are known, or that this submitter may introduce. The stage fails with a {@link
   * Problem} if it may not, or with {@link dev.docket.store.StoreUnavailable} if the server cannot
   * tell.
   */
  CompletionStage<Void> admit(String submitter, Set<TaskKey> keys) {
    if (keys.stream().allMatch(known::isKnown)) {
      return CompletableFuture.completedStage(null);
    }
    return known
        .find(keys)
        .thenAccept(
            found ->
                introduce(
                    submitter,
                    keys.stream()
                        .filter(key -> !found.contains(key))
                        .collect(Collectors.toUnmodifiableSet())));
  }

  private void introduce(String submitter, Set<TaskKey> keys) {
    Set<TaskKey> before = introduced.get(submitter, name -> ConcurrentHashMap.newKeySet());
    synchronized (before) {
      for (TaskKey key : keys) {
        if (!before.contains(key)) {
          if (before.size() >= max) {
            throw new Problem(
                Problem.Kind.UNPROCESSABLE,
                ("there is no task with the key %s yet, and %s has introduced %d keys since this"
                        + " server started, which is the maximum (callers.maxNewKeys); check the"
                        + " key, or add it to keys in the server's configuration")
                    .formatted(key, submitter, max));
          }
          before.add(key);
        }
      }
    }
  }
}
