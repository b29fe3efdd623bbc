package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.service.ServiceSlug;
import dev.docket.service.ServiceStore;
import dev.docket.service.StoredService;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stores services in Elasticsearch, with one record per slug. */
public final class ElasticServiceStore implements ServiceStore {

  private static final SortOptions BY_SLUG = QueryTerms.sort("slug", SortOrder.Asc);

  private final RecordStore<StoredService> records;
  private final RecordSearch<StoredService> searches;
  private final Refresher refresher;

  public ElasticServiceStore(
      RecordStore<StoredService> records,
      RecordSearch<StoredService> searches,
      Refresher refresher) {
    this.records = records;
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public CompletionStage<WriteOutcome> create(StoredService service) {
    return records.create(id(service.slug()), service);
  }

  @Override
  public CompletionStage<WriteOutcome> replace(StoredService service, Version seen) {
    return records.replace(id(service.slug()), service, seen);
  }

  @Override
  public CompletionStage<WriteOutcome> remove(ServiceSlug slug, Version seen) {
    return records.remove(id(slug), seen);
  }

  @Override
  public CompletionStage<Optional<Versioned<StoredService>>> find(ServiceSlug slug) {
    return records.find(id(slug));
  }

  @Override
  public CompletionStage<@Nullable Void> refreshed() {
    return refresher.refreshed();
  }

  @Override
  public List<Versioned<StoredService>> all(Collection<Versioned<StoredService>> known, int limit) {
    Map<String, Version> versions = searches.versions(QueryTerms.all(), BY_SLUG, limit);
    List<Versioned<StoredService>> all = new ArrayList<>();
    for (Versioned<StoredService> record : known) {
      String slug = record.value().slug().value();
      if (record.version().equals(versions.get(slug))) {
        all.add(record);
        versions.remove(slug);
      }
    }
    if (!versions.isEmpty()) {
      Query changed = QueryTerms.anyOf("slug", versions.keySet());
      all.addAll(searches.sorted(changed, List.of(BY_SLUG), List.of(), limit));
    }
    return all;
  }

  private static String id(ServiceSlug slug) {
    return slug.id().toString();
  }
}
