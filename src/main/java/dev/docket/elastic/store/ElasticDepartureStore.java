package dev.docket.elastic.store;

import dev.docket.counts.DepartureStore;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Stores departures in the index of the leader record, which is small. */
public final class ElasticDepartureStore implements DepartureStore {

  private static final String ID_PREFIX = "departures-";

  private final RecordStore<DepartureStore.Minute> records;

  public ElasticDepartureStore(RecordStore<DepartureStore.Minute> records) {
    this.records = records;
  }

  @Override
  public Map<Integer, Versioned<Minute>> read(Collection<Integer> slots) {
    Map<Integer, CompletableFuture<Optional<Versioned<Minute>>>> reads = new HashMap<>();
    slots.forEach(slot -> reads.put(slot, records.find(ID_PREFIX + slot).toCompletableFuture()));
    Map<Integer, Versioned<Minute>> found = new HashMap<>();
    reads.forEach(
        (slot, read) -> ElasticHttp.join(read).ifPresent(minute -> found.put(slot, minute)));
    return found;
  }

  @Override
  public WriteOutcome write(int slot, Minute minute, @Nullable Version seen) {
    String id = ID_PREFIX + slot;
    return ElasticHttp.join(
        seen == null ? records.create(id, minute) : records.replace(id, minute, seen));
  }
}
