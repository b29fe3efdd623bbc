package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.search.Hit;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.document.TargetType;
import dev.docket.explain.QueueProgress;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Counts the tasks that are ahead of one, and reads how long the latest runs took. */
public final class ElasticQueueProgress implements QueueProgress {

  private final RecordSearch<Task> searches;

  public ElasticQueueProgress(RecordSearch<Task> searches) {
    this.searches = searches;
  }

  @Override
  public long countAhead(Task task, Collection<TargetType> types, int max) {
    Instant dispatched =
        task.run().dispatchedAt() == null ? task.createdAt() : task.run().dispatchedAt();
    int priority = task.spec().priority();
    Query earlier =
        QueryTerms.all(
            QueryTerms.is("priority", String.valueOf(priority)),
            QueryTerms.before("dispatched_at", dispatched));
    Query ahead =
        QueryTerms.notDeleted(
            QueryTerms.inState(TaskState.QUEUED),
            QueryTerms.is("key", task.key().value()),
            QueryTerms.is("courier", task.run().protocol()),
            QueryTerms.anyOf("target.type", types.stream().map(TargetType::wire).toList()),
            QueryTerms.either(QueryTerms.moreThan("priority", priority), earlier));
    return Math.min(searches.count(ahead, max), max);
  }

  @Override
  public List<Long> recentRunMs(TaskKey key, String protocol, Instant since, int limit) {
    // Without a total count, Elasticsearch does not visit tasks that ended long ago.
    SearchRequest.Builder request =
        RecordSearch.counting(
                QueryTerms.notDeleted(
                    QueryTerms.inState(TaskState.SUCCESS),
                    QueryTerms.is("key", key.value()),
                    QueryTerms.is("courier", protocol),
                    QueryTerms.after("finished_at", since),
                    QueryTerms.exists("run_ms")))
            .sort(QueryTerms.sort("finished_at", SortOrder.Desc))
            .size(limit)
            .source(s -> s.filter(f -> f.includes("run_ms")));
    List<Long> durations = new ArrayList<>();
    for (Hit<ObjectNode> hit : searches.run(request).hits().hits()) {
      durations.add(Objects.requireNonNull(hit.source(), "_source").path("run_ms").asLong());
    }
    return durations;
  }
}
