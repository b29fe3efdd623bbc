package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.workerapi.KnownWorker;
import dev.docket.workerapi.WorkerStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is known of workers in Elasticsearch, one record for each name. */
public final class ElasticWorkerStore implements WorkerStore {

  private static final SortOptions BY_NAME = QueryTerms.sort("name", SortOrder.Asc);

  private final RecordStore<KnownWorker> records;
  private final RecordSearch<KnownWorker> searches;

  public ElasticWorkerStore(RecordStore<KnownWorker> records, RecordSearch<KnownWorker> searches) {
    this.records = records;
    this.searches = searches;
  }

  @Override
  public CompletionStage<WriteOutcome> put(KnownWorker worker) {
    return records.put(id(worker), worker);
  }

  @Override
  public List<KnownWorker> heardSince(Instant then, int limit) {
    return searches
        .sorted(QueryTerms.notBefore("last_seen", then), List.of(BY_NAME), List.of(), limit)
        .stream()
        .map(Versioned::value)
        .toList();
  }

  @Override
  public int forget(Instant then, int most) {
    // By the version that was seen: it may have been heard again meanwhile.
    List<CompletableFuture<WriteOutcome>> removed =
        searches
            .sorted(QueryTerms.before("last_seen", then), List.of(BY_NAME), List.of(), most)
            .stream()
            .map(old -> records.remove(id(old.value()), old.version()).toCompletableFuture())
            .toList();
    return (int) removed.stream().filter(r -> r.join() instanceof WriteOutcome.Stored).count();
  }

  /** Names are of any script, ids are not. */
  private static String id(KnownWorker worker) {
    return UUID.nameUUIDFromBytes(worker.name().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
