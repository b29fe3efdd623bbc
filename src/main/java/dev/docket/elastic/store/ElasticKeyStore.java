package dev.docket.elastic.store;

import dev.docket.auth.key.KeyStore;
import dev.docket.auth.key.ManagedKey;
import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stores managed API keys in Elasticsearch. */
public final class ElasticKeyStore implements KeyStore {

  private final RecordStore<ManagedKey> records;
  private final RecordSearch<ManagedKey> searches;
  private final Refresher refresher;

  public ElasticKeyStore(
      RecordStore<ManagedKey> records, RecordSearch<ManagedKey> searches, Refresher refresher) {
    this.records = records;
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public CompletionStage<WriteOutcome> create(ManagedKey key) {
    return records.create(key.id(), key);
  }

  @Override
  public CompletionStage<WriteOutcome> replace(ManagedKey key, Version seen) {
    return records.replace(key.id(), key, seen);
  }

  @Override
  public CompletionStage<Optional<Versioned<ManagedKey>>> find(String id) {
    return records.find(id);
  }

  @Override
  public CompletionStage<@Nullable Void> refreshed() {
    return refresher.refreshed();
  }

  @Override
  public List<ManagedKey> active(Instant now, int limit) {
    return values(
        searches.byId(
            QueryTerms.not(QueryTerms.exists("revoked_at"), QueryTerms.notAfter("expires_at", now)),
            null,
            limit));
  }

  @Override
  public List<ManagedKey> list(@Nullable String after, int limit) {
    return values(searches.byId(QueryTerms.all(), after, limit));
  }

  private static List<ManagedKey> values(List<Versioned<ManagedKey>> found) {
    return found.stream().map(Versioned::value).toList();
  }
}
