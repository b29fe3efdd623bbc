package dev.docket.elastic.store;

import dev.docket.audit.AuditRecord;
import dev.docket.audit.AuditStore;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stores audit records in Elasticsearch. */
public final class ElasticAuditStore implements AuditStore {

  private final RecordStore<AuditRecord> records;
  private final RecordSearch<AuditRecord> searches;

  public ElasticAuditStore(RecordStore<AuditRecord> records, RecordSearch<AuditRecord> searches) {
    this.records = records;
    this.searches = searches;
  }

  @Override
  public CompletionStage<WriteOutcome> put(AuditRecord record) {
    return records.put(record.id(), record);
  }

  @Override
  public int removeCreatedBefore(Instant before, int limit) {
    List<CompletableFuture<WriteOutcome>> removed =
        searches
            .sorted(
                QueryTerms.before("created_at", before),
                QueryTerms.oldestFirst("created_at"),
                List.of(),
                limit)
            .stream()
            .map(
                expired ->
                    records.remove(expired.value().id(), expired.version()).toCompletableFuture())
            .toList();
    int count = 0;
    for (CompletableFuture<WriteOutcome> outcome : removed) {
      outcome.join().requireKnown();
      count += outcome.join() instanceof WriteOutcome.Stored ? 1 : 0;
    }
    return count;
  }
}
