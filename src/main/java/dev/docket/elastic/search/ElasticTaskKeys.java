package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskKeySearch;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

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
    Set<TaskKey> found = new HashSet<>();
    if (keys.isEmpty()) {
      return found;
    }
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(QueryTerms.anyOf("key", keys.stream().map(TaskKey::value).toList()))
            .size(0)
            .trackTotalHits(t -> t.enabled(false))
            .aggregations("keys", a -> a.terms(t -> t.field("key").size(keys.size())));
    for (StringTermsBucket bucket :
        RouteBuckets.named(searches.run(request).aggregations(), "keys")
            .sterms()
            .buckets()
            .array()) {
      found.add(new TaskKey(bucket.key().stringValue()));
    }
    return found;
  }
}
