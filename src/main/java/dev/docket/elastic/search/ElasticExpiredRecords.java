package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch._types.aggregations.TermsAggregation;
import co.elastic.clients.elasticsearch._types.aggregations.TermsAggregationExecutionHint;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.elastic.index.Refresher;
import dev.docket.maintenance.ExpiredRecords;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds tasks by their end time and documents by their creation time, for retention. */
public final class ElasticExpiredRecords implements ExpiredRecords {

  private static final List<String> END_STATES =
      Stream.of(TaskState.values())
          .filter(TaskState::isFinished)
          .map(state -> String.valueOf(state.number()))
          .toList();

  private static final String WAITING = String.valueOf(TaskState.UNFINISHED_DEPENDENCY.number());

  private final RecordSearch<Task> tasks;
  private final RecordSearch<Document> documents;
  private final Refresher refresher;

  /**
   * @param refresher refreshes the index of tasks
   */
  public ElasticExpiredRecords(
      RecordSearch<Task> tasks, RecordSearch<Document> documents, Refresher refresher) {
    this.tasks = tasks;
    this.documents = documents;
    this.refresher = refresher;
  }

  @Override
  public List<Versioned<Task>> ended(Instant before, @Nullable Task after, int limit) {
    return tasks.sorted(
        QueryTerms.notDeleted(
            List.of(
                QueryTerms.anyOf("state", END_STATES), QueryTerms.before("finished_at", before))),
        oldestFirst("finished_at"),
        after == null
            ? List.of()
            : QueryTerms.sortValues(Objects.requireNonNull(after.run().finishedAt()), after.id()),
        limit);
  }

  @Override
  public Set<TaskId> waitedFor(Collection<TaskId> ids) {
    refresher.refresh();
    // The field has no doc values, so one filter per id replaces a terms aggregation.
    Map<String, Aggregation> filters = new LinkedHashMap<>();
    for (TaskId id : ids) {
      filters.put(
          id.value(), Aggregation.of(a -> a.filter(QueryTerms.is("depends_on.id", id.value()))));
    }
    Query waiting =
        QueryTerms.notDeleted(
            List.of(
                QueryTerms.is("state", WAITING),
                QueryTerms.anyOf("depends_on.id", ids.stream().map(TaskId::value).toList())));
    Set<TaskId> found = new HashSet<>();
    tasks
        .run(aggregationRequest(waiting).aggregations(filters))
        .aggregations()
        .forEach(
            (id, count) -> {
              if (count.filter().docCount() > 0) {
                found.add(new TaskId(id));
              }
            });
    return found;
  }

  @Override
  public List<Versioned<Document>> registered(Instant before, @Nullable Document after, int limit) {
    Query registeredBefore =
        Query.of(
            q ->
                q.bool(
                    b ->
                        b.filter(QueryTerms.before("created_at", before))
                            .mustNot(
                                QueryTerms.exists("deleted_at"), QueryTerms.exists("purge_due"))));
    return documents.sorted(
        registeredBefore,
        oldestFirst("created_at"),
        after == null ? List.of() : QueryTerms.sortValues(after.createdAt(), after.id().value()),
        limit);
  }

  @Override
  public Set<DocumentId> withTasks(Collection<DocumentId> ids) {
    refresher.refresh();
    SearchRequest.Builder request =
        aggregationRequest(
                QueryTerms.anyOf("document_id", ids.stream().map(DocumentId::value).toList()))
            .aggregations(
                "documents", a -> a.terms(t -> ofFewHits(t.field("document_id"), ids.size())));
    Set<DocumentId> found = new HashSet<>();
    for (StringTermsBucket bucket :
        RouteBuckets.named(tasks.run(request).aggregations(), "documents")
            .sterms()
            .buckets()
            .array()) {
      found.add(new DocumentId(bucket.key().stringValue()));
    }
    return found;
  }

  /**
   * Aggregates the values of the few hits. Otherwise Elasticsearch builds global ordinals of all
   * document ids first, again after each refresh.
   */
  private static TermsAggregation.Builder ofFewHits(
      TermsAggregation.Builder terms, int maxBuckets) {
    return terms.size(maxBuckets).executionHint(TermsAggregationExecutionHint.Map);
  }

  private static SearchRequest.Builder aggregationRequest(Query query) {
    return new SearchRequest.Builder().query(query).size(0).trackTotalHits(t -> t.enabled(false));
  }

  private static List<SortOptions> oldestFirst(String field) {
    return List.of(QueryTerms.sort(field, SortOrder.Asc), QueryTerms.sort("id", SortOrder.Asc));
  }
}
