package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregate;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeBucket;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.TotalHits;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.http.InvalidRequest;
import dev.docket.search.record.Condition;
import dev.docket.search.record.FoundRecord;
import dev.docket.search.record.RecordPage;
import dev.docket.search.record.RecordQueries;
import dev.docket.search.record.RecordSelection;
import dev.docket.search.record.RecordSnapshot;
import dev.docket.search.record.SearchedKind;
import dev.docket.search.record.SnapshotExpired;
import dev.docket.store.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A point in time of the three indices. */
final class ElasticRecordSnapshot implements RecordSnapshot {

  private static final List<SortOptions> OLDEST_FIRST = QueryTerms.oldestFirst("created_at");

  /** Elasticsearch's limit on the size of a page. */
  private static final int MAX_PAGE_SIZE = 10_000;

  private static final String VALUES = "values";

  private final ElasticRecordQueries.Searches searches;
  private final PointInTime pointInTime;

  ElasticRecordSnapshot(ElasticRecordQueries.Searches searches, PointInTime pointInTime) {
    this.searches = searches;
    this.pointInTime = pointInTime;
  }

  @Override
  public String id() {
    return pointInTime.id();
  }

  @Override
  public long count(RecordSelection selection) {
    TotalHits total =
        run(RecordSearch.counting(ConditionQuery.of(selection))
                .trackTotalHits(t -> t.enabled(true)))
            .hits()
            .total();
    if (total == null) {
      throw new StoreUnavailable("the store did not count the records");
    }
    return total.value();
  }

  @Override
  public RecordPage page(RecordSelection selection, RecordPage.@Nullable Position after, int size) {
    int limit = Math.min(size, MAX_PAGE_SIZE);
    while (true) {
      try {
        List<Hit<ObjectNode>> hits = hits(selection, after, limit, true);
        return new RecordPage(
            hits.stream().<FoundRecord>mapMulti((hit, all) -> read(hit).ifPresent(all)).toList(),
            hits.isEmpty() ? null : position(hits),
            hits.size() < limit);
      } catch (RecordSearch.ResponseTooLarge e) {
        if (limit == 1) {
          throw new StoreUnavailable("a record is too large to be read", e);
        }
        limit /= 2;
      }
    }
  }

  @Override
  public RecordPage.@Nullable Position skip(RecordSelection selection, long count) {
    RecordPage.Position position = null;
    long remaining = count;
    while (remaining > 0) {
      int size = (int) Math.min(remaining, MAX_PAGE_SIZE);
      List<Hit<ObjectNode>> hits = hits(selection, position, size, false);
      if (hits.size() < size) {
        return null;
      }
      position = position(hits);
      remaining -= size;
    }
    return position;
  }

  private List<Hit<ObjectNode>> hits(
      RecordSelection selection, RecordPage.@Nullable Position after, int size, boolean source) {
    List<FieldValue> position =
        after == null
            ? List.of()
            : List.of(
                FieldValue.of(after.createdAt()),
                FieldValue.of(after.id()),
                FieldValue.of(after.tieBreaker()));
    Query query = ConditionQuery.of(selection);
    return run(RecordSearch.page(query, OLDEST_FIRST, position, size, source)).hits().hits();
  }

  private static RecordPage.Position position(List<Hit<ObjectNode>> hits) {
    List<FieldValue> values = hits.get(hits.size() - 1).sort();
    return new RecordPage.Position(
        values.get(0).longValue(), values.get(1).stringValue(), values.get(2).longValue());
  }

  private Optional<? extends FoundRecord> read(Hit<ObjectNode> hit) {
    ObjectNode source = hit.source();
    if (source != null && source.has("task_id")) {
      return searches.results().read(hit).map(r -> new FoundRecord.OfResult(r.value()));
    }
    if (source != null && source.has("document_id")) {
      return searches.tasks().read(hit).map(t -> new FoundRecord.OfTask(t.value()));
    }
    return searches.documents().read(hit).map(d -> new FoundRecord.OfDocument(d.value()));
  }

  @Override
  public List<String> values(SearchedKind kind, Condition condition, String field) {
    List<String> values = new ArrayList<>();
    Map<String, FieldValue> after = Map.of();
    do {
      CompositeAggregate page = bucketsAfter(kind, condition, field, after);
      for (CompositeBucket bucket : page.buckets().array()) {
        values.add(RouteBuckets.text(bucket, VALUES));
      }
      if (values.size() > RecordQueries.MAX_VALUES) {
        throw new InvalidRequest(
            "a join of more than " + RecordQueries.MAX_VALUES + " records is not supported",
            List.of());
      }
      after = page.afterKey();
    } while (!after.isEmpty());
    return values;
  }

  private CompositeAggregate bucketsAfter(
      SearchedKind kind, Condition condition, String field, Map<String, FieldValue> after) {
    SearchRequest.Builder request =
        RecordSearch.counting(ConditionQuery.of(kind, condition))
            .aggregations(
                VALUES,
                a ->
                    a.composite(
                        c -> {
                          c.size(MAX_PAGE_SIZE)
                              .sources(List.of(RouteBuckets.source(VALUES, field)));
                          return after.isEmpty() ? c : c.after(after);
                        }));
    return RouteBuckets.named(run(request).aggregations(), VALUES).composite();
  }

  private SearchResponse<ObjectNode> run(SearchRequest.Builder request) {
    try {
      return searches.tasks().run(request, pointInTime);
    } catch (RecordSearch.SearchRejected e) {
      throw e.problem();
    } catch (StoreUnavailable e) {
      if (e.getCause() instanceof ElasticsearchException response && response.status() == 404) {
        throw new SnapshotExpired("No search context found; it has expired");
      }
      throw e;
    }
  }

  @Override
  public void close() {
    pointInTime.close();
  }

  @Override
  public boolean release() {
    return pointInTime.release();
  }
}
