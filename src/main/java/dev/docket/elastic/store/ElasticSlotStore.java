package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import dev.docket.admission.Slot;
import dev.docket.admission.SlotStore;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Stores slots in Elasticsearch. */
public final class ElasticSlotStore implements SlotStore {

  private static final List<SortOptions> BY_KEY =
      List.of(QueryTerms.sort("key", SortOrder.Asc), QueryTerms.sort("number", SortOrder.Asc));

  private final RecordStore<Slot> records;
  private final RecordSearch<Slot> searches;

  public ElasticSlotStore(RecordStore<Slot> records, RecordSearch<Slot> searches) {
    this.records = records;
    this.searches = searches;
  }

  private static String id(TaskKey key, int number) {
    return number + "-" + key;
  }

  @Override
  public CompletionStage<Map<Integer, Versioned<Slot>>> read(TaskKey key, int upTo) {
    return records.find(
        IntStream.rangeClosed(1, upTo).boxed().toList(), number -> id(key, number), Slot::number);
  }

  @Override
  public CompletionStage<Optional<Versioned<Slot>>> find(TaskKey key, int number) {
    return records.find(id(key, number));
  }

  @Override
  public CompletionStage<WriteOutcome> write(Slot slot, @Nullable Version seen) {
    String id = id(slot.key(), slot.number());
    return seen == null ? records.createRelated(id, slot) : records.replace(id, slot, seen);
  }

  @Override
  public List<Versioned<Slot>> occupied(@Nullable Slot after, int limit) {
    List<FieldValue> position =
        after == null
            ? List.of()
            : List.of(FieldValue.of(after.key().value()), FieldValue.of(after.number()));
    return searches.sorted(QueryTerms.exists("admission"), BY_KEY, position, limit);
  }
}
