package dev.docket.workers;

import dev.docket.document.MemoryRecords;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Keeps known workers in memory, for tests. */
public final class MemoryWorkerStore implements WorkerStore {

  private final MemoryRecords<String, KnownWorker> records = new MemoryRecords<>(KnownWorker::name);

  /** Whether writes fail as if the store were unavailable. */
  public boolean unavailable;

  @Override
  public CompletionStage<WriteOutcome> put(KnownWorker worker) {
    return CompletableFuture.completedStage(
        unavailable ? new WriteOutcome.Unknown("unavailable") : records.put(worker));
  }

  @Override
  public List<KnownWorker> seenSince(Instant since, int limit) {
    return all().filter(worker -> !worker.lastSeen().isBefore(since)).limit(limit).toList();
  }

  @Override
  public int removeSilent(Instant before, int limit) {
    List<KnownWorker> silent =
        all().filter(worker -> worker.lastSeen().isBefore(before)).limit(limit).toList();
    silent.forEach(worker -> records.remove(worker.name()));
    return silent.size();
  }

  private Stream<KnownWorker> all() {
    return records.all().stream()
        .map(Versioned::value)
        .sorted(Comparator.comparing(KnownWorker::name));
  }
}
