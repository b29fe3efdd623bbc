package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.workers.KnownWorker;
import dev.docket.workers.WorkerStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stores the worker registry in Elasticsearch, with one record per worker name. */
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
  public List<KnownWorker> seenSince(Instant since, int limit) {
    return searches
        .sorted(QueryTerms.notBefore("last_seen", since), List.of(BY_NAME), List.of(), limit)
        .stream()
        .map(Versioned::value)
        .toList();
  }

  @Override
  public int removeSilent(Instant before, int limit) {
    // The removal is conditional on the version, because the worker may have reported again.
    List<CompletableFuture<WriteOutcome>> removed =
        searches
            .sorted(QueryTerms.before("last_seen", before), List.of(BY_NAME), List.of(), limit)
            .stream()
            .map(
                expired ->
                    records.remove(id(expired.value()), expired.version()).toCompletableFuture())
            .toList();
    return (int) removed.stream().filter(r -> r.join() instanceof WriteOutcome.Stored).count();
  }

  /** Derives the id from the name: names may contain any character, ids only ASCII. */
  private static String id(KnownWorker worker) {
    return UUID.nameUUIDFromBytes(worker.name().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
