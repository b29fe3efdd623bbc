package dev.docket.service;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps services in memory. Searches find what was written before the last refresh. */
public final class MemoryServiceStore implements ServiceStore {

  private final TreeMap<ServiceSlug, Versioned<StoredService>> records = new TreeMap<>();
  private TreeMap<ServiceSlug, Versioned<StoredService>> refreshed = new TreeMap<>();
  private long sequence;
  private boolean available = true;
  private boolean refreshes = true;
  private int transferred;

  void setAvailable(boolean isAvailable) {
    available = isAvailable;
  }

  /** The number of records that searches have returned although they were not known. */
  int transferred() {
    return transferred;
  }

  void setRefreshes(boolean canRefresh) {
    refreshes = canRefresh;
  }

  private CompletionStage<WriteOutcome> put(StoredService service) {
    Version version = new Version(++sequence, 1);
    records.put(service.slug(), new Versioned<>(service, version));
    return stored(version);
  }

  private static CompletionStage<WriteOutcome> stored(Version version) {
    return CompletableFuture.completedStage(new WriteOutcome.Stored(version));
  }

  private static CompletionStage<WriteOutcome> conflict() {
    return CompletableFuture.completedStage(new WriteOutcome.Conflict());
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> create(StoredService service) {
    return records.containsKey(service.slug()) ? conflict() : put(service);
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> replace(StoredService service, Version seen) {
    Versioned<StoredService> current = records.get(service.slug());
    return current == null || !current.version().equals(seen) ? conflict() : put(service);
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> remove(ServiceSlug slug, Version seen) {
    Versioned<StoredService> current = records.get(slug);
    if (current == null || !current.version().equals(seen)) {
      return conflict();
    }
    records.remove(slug);
    return stored(new Version(++sequence, 1));
  }

  @Override
  public synchronized CompletionStage<Optional<Versioned<StoredService>>> find(ServiceSlug slug) {
    return CompletableFuture.completedStage(Optional.ofNullable(records.get(slug)));
  }

  @Override
  public synchronized CompletionStage<Void> refreshed() {
    if (!refreshes) {
      return CompletableFuture.failedStage(new StoreUnavailable("it does not refresh"));
    }
    refreshed = new TreeMap<>(records);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized List<Versioned<StoredService>> all(
      Collection<Versioned<StoredService>> known, int limit) {
    if (!available) {
      throw new StoreUnavailable("it is away");
    }
    List<Versioned<StoredService>> all = refreshed.values().stream().limit(limit).toList();
    transferred += (int) all.stream().filter(record -> !known.contains(record)).count();
    return all;
  }
}
