package dev.docket.workerapi;

import dev.docket.maintenance.Sweep;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Notes for the other servers which workers this one has heard since it last did. Every server does
 * this, for what it alone knows; while the store is away nothing is lost but the others' view.
 */
public final class WorkerRegistrySync implements Sweep {

  /** Who has been silent for this long is not worth a record. */
  private static final Duration RETENTION = Duration.ofHours(1);

  /** How many such records go in one look. */
  private static final int WRITES_PER_RUN = 200;

  private final WorkerRegistry registry;
  private final WorkerStore store;
  private final Clock clock;
  private Instant noted = Instant.EPOCH;

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
    List<KnownWorker> heard = registry.heardHere(noted);
    List<CompletableFuture<WriteOutcome>> writes =
        heard.stream()
            // Of whom only the name is known, another server may know more.
            .filter(worker -> worker.keys() != null)
            .map(worker -> store.put(worker).toCompletableFuture())
            .toList();
    for (CompletableFuture<WriteOutcome> write : writes) {
      if (write.join() instanceof WriteOutcome.Unknown healthError) {
        throw new StoreUnavailable("workers could not be noted: " + healthError.why());
      }
    }
    noted = now;
    store.forget(now.minus(RETENTION), WRITES_PER_RUN);
  }
}
