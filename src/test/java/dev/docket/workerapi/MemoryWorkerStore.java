package dev.docket.workerapi;

import dev.docket.document.MemoryRecords;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** What is known of workers in memory, for tests. */
public final class MemoryWorkerStore implements WorkerStore {

  private final MemoryRecords<String, KnownWorker> records = new MemoryRecords<>(KnownWorker::name);

  /** Whether nothing can be written now. */
  public boolean away;

  @Override
  public CompletionStage<WriteOutcome> put(KnownWorker worker) {
    return CompletableFuture.completedStage(
        away ? new WriteOutcome.Unknown("away") : records.put(worker));
  }

  @Override
  public List<KnownWorker> heardSince(Instant then, int limit) {
    return all().filter(w -> !w.lastSeen().isBefore(then)).limit(limit).toList();
  }

  @Override
  public int forget(Instant then, int most) {
    List<KnownWorker> old = all().filter(w -> w.lastSeen().isBefore(then)).limit(most).toList();
    old.forEach(worker -> records.remove(worker.name()));
    return old.size();
  }

  private Stream<KnownWorker> all() {
    return records.all().stream()
        .map(Versioned::value)
        .sorted(Comparator.comparing(KnownWorker::name));
  }
}
