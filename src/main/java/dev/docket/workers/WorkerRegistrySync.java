package dev.docket.workers;

import dev.docket.maintenance.Sweep;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Stores the workers that this server has seen since the last run, for the other servers. Every
 * server runs it, not only the leader. While the store is unavailable, other servers do not see the
 * workers that report to this one; nothing else is affected.
 */
public final class WorkerRegistrySync implements Sweep {

  /** Maximum number of records to remove in one run: as many as one caller can add between two. */
  private static final int REMOVALS_PER_RUN = WorkerRegistry.MAX_WORKERS;

  private final WorkerRegistry registry;
  private final WorkerStore store;
  private final Clock clock;
  private Instant lastRun = Instant.EPOCH;

  public WorkerRegistrySync(WorkerRegistry registry, WorkerStore store, Clock clock) {
    this.registry = registry;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "workers";
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    List<KnownWorker> seen = registry.seenHereSince(lastRun);
    Map<String, KnownWorker> stored = storedHellos(seen, now);
    List<CompletableFuture<WriteOutcome>> writes =
        seen.stream()
            // If this server knows only the name, another one may have stored more.
            .filter(worker -> worker.keys() != null)
            .map(worker -> store.put(merged(worker, stored)).toCompletableFuture())
            .toList();
    for (CompletableFuture<WriteOutcome> write : writes) {
      if (write.join() instanceof WriteOutcome.Unknown unknown) {
        throw new StoreUnavailable("known workers could not be stored: " + unknown.reason());
      }
    }
    lastRun = now;
    store.removeSilent(now.minus(WorkerRegistry.RETENTION), REMOVALS_PER_RUN);
  }

  /** What workers have reported to other servers, if this one knows only their polls. */
  private Map<String, KnownWorker> storedHellos(List<KnownWorker> seen, Instant now) {
    if (seen.stream().allMatch(worker -> worker.keys() == null || worker.concurrency() != null)) {
      return Map.of();
    }
    Map<String, KnownWorker> stored = new HashMap<>();
    store
        .seenSince(now.minus(WorkerRegistry.WORKER_TIMEOUT), WorkerRegistry.MAX_WORKERS)
        .forEach(worker -> stored.put(worker.name(), worker));
    return stored;
  }

  private static KnownWorker merged(KnownWorker worker, Map<String, KnownWorker> stored) {
    KnownWorker known = stored.get(worker.name());
    return known == null ? worker : worker.merge(known);
  }
}
