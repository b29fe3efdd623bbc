package dev.docket.elastic.store;

import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.limit.LimitSetting;
import dev.docket.limit.LimitStore;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stores limits in Elasticsearch. */
public final class ElasticLimitStore implements LimitStore {

  private final RecordStore<LimitSetting> records;
  private final RecordSearch<LimitSetting> searches;
  private final Refresher refresher;

  public ElasticLimitStore(
      RecordStore<LimitSetting> records, RecordSearch<LimitSetting> searches, Refresher refresher) {
    this.records = records;
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public CompletionStage<Optional<Versioned<LimitSetting>>> find(TaskKey key) {
    return records.find(key.value());
  }

  @Override
  public CompletionStage<WriteOutcome> write(LimitSetting setting, @Nullable Version seen) {
    String id = setting.id().value();
    return seen == null ? records.create(id, setting) : records.replace(id, setting, seen);
  }

  @Override
  public CompletionStage<@Nullable Void> refreshed() {
    return refresher.refreshed();
  }

  @Override
  public List<Versioned<LimitSetting>> list(int limit) {
    return searches.byId(QueryTerms.all(), null, limit);
  }
}
