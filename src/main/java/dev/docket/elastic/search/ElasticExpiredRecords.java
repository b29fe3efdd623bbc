package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.TermsAggregation;
import co.elastic.clients.elasticsearch._types.aggregations.TermsAggregationExecutionHint;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds tasks by their end time and documents by their creation time, for retention. */
public final class ElasticExpiredRecords implements ExpiredRecords {

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
        QueryTerms.notDeleted(QueryTerms.FINISHED, QueryTerms.before("finished_at", before)),
        QueryTerms.oldestFirst("finished_at"),
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
            QueryTerms.inState(TaskState.UNFINISHED_DEPENDENCY),
            QueryTerms.anyOf("depends_on.id", ids.stream().map(TaskId::value).toList()));
    Set<TaskId> found = new HashSet<>();
    tasks
        .run(RecordSearch.counting(waiting).aggregations(filters))
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
        QueryTerms.allBut(
            List.of(QueryTerms.before("created_at", before)),
            QueryTerms.exists("deleted_at"),
            QueryTerms.exists("purge_due"));
    return documents.sorted(
        registeredBefore,
        QueryTerms.oldestFirst("created_at"),
        after == null ? List.of() : QueryTerms.sortValues(after.createdAt(), after.id().value()),
        limit);
  }

  @Override
  public Set<DocumentId> withTasks(Collection<DocumentId> ids) {
    refresher.refresh();
    Query ofDocuments =
        QueryTerms.anyOf("document_id", ids.stream().map(DocumentId::value).toList());
    Aggregation documentIds =
        Aggregation.of(a -> a.terms(t -> ofFewHits(t.field("document_id"), ids.size())));
    return tasks.aggregate(ofDocuments, documentIds).sterms().buckets().array().stream()
        .map(bucket -> new DocumentId(bucket.key().stringValue()))
        .collect(Collectors.toSet());
  }

  /**
   * Aggregates the values of the few hits. Otherwise Elasticsearch builds global ordinals of all
   * document ids first, again after each refresh.
   */
  private static TermsAggregation.Builder ofFewHits(
      TermsAggregation.Builder terms, int maxBuckets) {
    return terms.size(maxBuckets).executionHint(TermsAggregationExecutionHint.Map);
  }
}
