package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.elastic.index.Refresher;
import dev.docket.manual.KeyCount;
import dev.docket.manual.ManualPage;
import dev.docket.manual.ManualPosition;
import dev.docket.manual.ManualQuery;
import dev.docket.manual.ManualTasks;
import dev.docket.store.Versioned;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Searches the tasks that people do in Elasticsearch. */
public final class ElasticManualTasks implements ManualTasks {

  private static final List<SortOptions> IMPORTANT_FIRST =
      List.of(
          QueryTerms.sort("priority", SortOrder.Desc),
          QueryTerms.sort("created_at", SortOrder.Asc),
          QueryTerms.BY_ID.get(0));

  private static final Query MANUAL = QueryTerms.is("courier", Run.MANUAL);

  /** A task that waits for the limits of its key has the state of an open one. */
  private static final Query OPEN =
      QueryTerms.allBut(
          List.of(
              QueryTerms.inState(
                  Stream.of(TaskState.values())
                      .filter(TaskState::isClaimable)
                      .toArray(TaskState[]::new))),
          QueryTerms.exists("limited_since"));

  private static final Query CLAIMED = QueryTerms.inState(TaskState.PROCESSING);

  private final RecordSearch<Task> searches;
  private final Refresher refresher;

  public ElasticManualTasks(RecordSearch<Task> searches, Refresher refresher) {
    this.searches = searches;
    this.refresher = refresher;
  }

  @Override
  public ManualPage page(ManualQuery query) {
    if (query.fresh()) {
      refresher.refresh();
    }
    TaskKey key = query.key();
    List<Query> all = selected(query);
    if (key != null) {
      all.add(QueryTerms.is("key", key.value()));
    }
    // One more task than requested shows whether there is a next page.
    List<Task> found =
        searches
            .sorted(notDeleted(all), IMPORTANT_FIRST, after(query.after()), query.size() + 1)
            .stream()
            .map(Versioned::value)
            .toList();
    if (found.size() <= query.size()) {
      return new ManualPage(found, null);
    }
    List<Task> shown = found.subList(0, query.size());
    return new ManualPage(shown, ManualPosition.of(shown.get(shown.size() - 1)));
  }

  @Override
  public List<KeyCount> counts(ManualQuery query) {
    Aggregation keys = Aggregation.of(a -> a.terms(t -> t.field("key").size(KeyCount.MAX_KEYS)));
    return searches.aggregate(notDeleted(selected(query)), keys).sterms().buckets().array().stream()
        .map(bucket -> new KeyCount(new TaskKey(bucket.key().stringValue()), bucket.docCount()))
        .sorted(Comparator.comparing(KeyCount::key))
        .toList();
  }

  private static List<Query> selected(ManualQuery query) {
    List<Query> all = new ArrayList<>();
    all.add(MANUAL);
    String holder = query.holder();
    if (holder == null) {
      all.add(OPEN);
    } else {
      all.add(CLAIMED);
      all.add(QueryTerms.is("lease.worker", holder));
    }
    Set<String> allowed = query.allowedKeys();
    if (allowed != null) {
      all.add(QueryTerms.anyOf("key", allowed));
    }
    QueryTerms.ownedBy(query.owners()).ifPresent(all::add);
    return all;
  }

  private static Query notDeleted(List<Query> all) {
    return QueryTerms.allBut(all, QueryTerms.exists("deleted_at"));
  }

  private static List<FieldValue> after(@Nullable ManualPosition position) {
    return position == null
        ? List.of()
        : List.of(
            FieldValue.of(position.priority()),
            FieldValue.of(position.createdAt().toEpochMilli()),
            FieldValue.of(position.id().value()));
  }
}
