package dev.docket.auth.key;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Keeps keys in memory. Searches find what was written before the last refresh. */
public final class MemoryKeyStore implements KeyStore {

  private final TreeMap<String, Versioned<ManagedKey>> records = new TreeMap<>();
  private TreeMap<String, Versioned<ManagedKey>> refreshed = new TreeMap<>();
  private boolean available = true;
  private boolean refreshes = true;

  void setAvailable(boolean isAvailable) {
    available = isAvailable;
  }

  void setRefreshes(boolean canRefresh) {
    refreshes = canRefresh;
  }

  @Override
  public CompletionStage<WriteOutcome> create(ManagedKey key) {
    if (!available) {
      return CompletableFuture.completedStage(new WriteOutcome.Unknown("it is away"));
    }
    if (records.containsKey(key.id())) {
      return CompletableFuture.completedStage(new WriteOutcome.Conflict());
    }
    return put(key, 1);
  }

  private CompletionStage<WriteOutcome> put(ManagedKey key, long sequence) {
    Version version = new Version(sequence, 1);
    records.put(key.id(), new Versioned<>(key, version));
    return CompletableFuture.completedStage(new WriteOutcome.Stored(version));
  }

  @Override
  public CompletionStage<WriteOutcome> replace(ManagedKey key, Version seen) {
    Versioned<ManagedKey> current = records.get(key.id());
    return current == null || !current.version().equals(seen)
        ? CompletableFuture.completedStage(new WriteOutcome.Conflict())
        : put(key, seen.sequence() + 1);
  }

  @Override
  public CompletionStage<Optional<Versioned<ManagedKey>>> find(String id) {
    return CompletableFuture.completedStage(Optional.ofNullable(records.get(id)));
  }

  @Override
  public CompletionStage<@Nullable Void> refreshed() {
    if (!refreshes) {
      return CompletableFuture.failedStage(new StoreUnavailable("it does not refresh"));
    }
    refreshed = new TreeMap<>(records);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public List<ManagedKey> active(Instant now, int limit) {
    return list(null, Integer.MAX_VALUE).stream()
        .filter(key -> key.isActive(now))
        .limit(limit)
        .toList();
  }

  @Override
  public List<ManagedKey> list(@Nullable String after, int limit) {
    if (!available) {
      throw new StoreUnavailable("it is away");
    }
    return refreshed.values().stream()
        .map(Versioned::value)
        .filter(key -> after == null || key.id().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }
}
