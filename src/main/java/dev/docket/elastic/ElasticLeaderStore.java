package dev.docket.elastic;

import dev.docket.dispatch.Leader;
import dev.docket.dispatch.LeaderStore;
import dev.docket.document.Saved;
import dev.docket.document.Version;
import dev.docket.document.Versioned;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The leader's record, the only one of its index. */
final class ElasticLeaderStore implements LeaderStore {

  private static final String ID = "leader";

  private final Records<Leader> records;

  ElasticLeaderStore(Records<Leader> records) {
    this.records = records;
  }

  @Override
  public Optional<Versioned<Leader>> read() {
    return join(records.find(ID));
  }

  @Override
  public Saved write(Leader leader, @Nullable Version seen) {
    return join(seen == null ? records.create(ID, leader) : records.replace(ID, leader, seen));
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw ElasticHttp.unavailable(e);
    }
  }
}
