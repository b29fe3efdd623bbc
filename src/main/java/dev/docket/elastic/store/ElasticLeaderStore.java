package dev.docket.elastic.store;

import dev.docket.elastic.client.ElasticHttp;
import dev.docket.maintenance.Leader;
import dev.docket.maintenance.LeaderStore;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores the leader record in Elasticsearch. */
public final class ElasticLeaderStore implements LeaderStore {

  private static final String ID = "leader";

  private final RecordStore<Leader> records;

  public ElasticLeaderStore(RecordStore<Leader> records) {
    this.records = records;
  }

  @Override
  public Optional<Versioned<Leader>> read() {
    return ElasticHttp.join(records.find(ID));
  }

  @Override
  public WriteOutcome write(Leader leader, @Nullable Version seen) {
    return ElasticHttp.join(
        seen == null ? records.create(ID, leader) : records.replace(ID, leader, seen));
  }
}
