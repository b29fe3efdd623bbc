package dev.docket.audit;

import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Audit records in memory, with all writes in order. */
public final class MemoryAuditStore implements AuditStore {

  private final Map<String, AuditRecord> records = new LinkedHashMap<>();
  private final List<AuditRecord> writes = new ArrayList<>();
  private boolean silent;
  private int failing;

  /** A log that writes to this store. */
  public AuditLog log() {
    return new AuditLog(this, Clock.systemUTC(), () -> UUID.randomUUID().toString());
  }

  /** Fails the next writes. */
  public synchronized void failNext(int count) {
    failing = count;
  }

  /** Does not answer writes. */
  synchronized void stayAway() {
    silent = true;
  }

  /** The stored records, in the order of their first write. */
  public synchronized List<AuditRecord> records() {
    return List.copyOf(records.values());
  }

  /** All writes, including failed ones. */
  public synchronized List<AuditRecord> writes() {
    return List.copyOf(writes);
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> put(AuditRecord record) {
    writes.add(record);
    if (silent) {
      return new CompletableFuture<>();
    }
    if (failing > 0) {
      failing--;
      return CompletableFuture.completedStage(new WriteOutcome.Unknown("the store is away"));
    }
    records.put(record.id(), record);
    return CompletableFuture.completedStage(new WriteOutcome.Stored(new Version(1, 1)));
  }

  @Override
  public synchronized int removeCreatedBefore(Instant before, int limit) {
    List<String> expired =
        records.values().stream()
            .filter(record -> record.createdAt().isBefore(before))
            .sorted(Comparator.comparing(AuditRecord::createdAt))
            .limit(limit)
            .map(AuditRecord::id)
            .toList();
    expired.forEach(records::remove);
    return expired.size();
  }
}
