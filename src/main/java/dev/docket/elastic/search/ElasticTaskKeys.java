package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskKeySearch;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the task keys that have tasks, in one search that returns no records. Keys without tasks
 * cost nothing but their lookup; of the others, Elasticsearch counts the tasks.
 */
public final class ElasticTaskKeys implements TaskKeySearch {

  private final RecordSearch<Task> searches;

  public ElasticTaskKeys(RecordSearch<Task> searches) {
    this.searches = searches;
  }

  @Override
  public Set<TaskKey> withTasks(Collection<TaskKey> keys) {
    if (keys.isEmpty()) {
      return Set.of();
    }
    Query ofKeys = QueryTerms.anyOf("key", keys.stream().map(TaskKey::value).toList());
    Aggregation byKey = Aggregation.of(a -> a.terms(t -> t.field("key").size(keys.size())));
    return searches.aggregate(ofKeys, byKey).sterms().buckets().array().stream()
        .map(bucket -> new TaskKey(bucket.key().stringValue()))
        .collect(Collectors.toSet());
  }
}
