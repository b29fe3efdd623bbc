package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.TotalHits;
import co.elastic.clients.elasticsearch.core.search.TotalHitsRelation;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.elastic.index.Refresher;
import dev.docket.http.InvalidRequest;
import dev.docket.search.Cursor;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.store.Versioned;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Searches records of a kind by fields, words and times. */
abstract class FieldSearch<T> {

  private static final int MAX_FACET_VALUES = 100;

  /** Hits beyond this number are not counted, because a full count visits every hit. */
  private static final int MAX_COUNTED = 10_000;

  /** Elasticsearch's limit of {@code from} plus {@code size}. */
  private static final int MAX_RESULT_WINDOW = 10_000;

  private final RecordSearch<T> searches;
  private final Refresher refresher;
  private final @Nullable String wordsField;

  /**
   * @param wordsField the field for full-text search; null if there is none
   */
  FieldSearch(RecordSearch<T> searches, Refresher refresher, @Nullable String wordsField) {
    this.searches = searches;
    this.refresher = refresher;
    this.wordsField = wordsField;
  }

  public Page<T> search(SearchQuery query) {
    FieldQuery fieldQuery = FieldQuery.of(query, wordsField);
    if (query.fresh()) {
      refresher.refresh();
    }
    return translateRejections(() -> page(query, run(query, fieldQuery)));
  }

  public Hits<T> all(SearchQuery query) {
    return all(query, PointInTimeScan.PAGE_SIZE);
  }

  /**
   * Returns all hits.
   *
   * @param pageSize the number of hits that are read at a time
   */
  Hits<T> all(SearchQuery query, int pageSize) {
    FieldQuery fieldQuery = FieldQuery.of(query.after(null), wordsField);
    if (query.fresh()) {
      refresher.refresh();
    }
    PointInTimeScan<T> scan = scan(searches.openPointInTime(), fieldQuery, pageSize);
    return new Hits<>() {
      @Override
      public List<T> next() {
        return translateRejections(scan::next);
      }

      @Override
      public void close() {
        scan.close();
      }
    };
  }

  private static <R> R translateRejections(Supplier<R> search) {
    try {
      return search.get();
    } catch (RecordSearch.SearchRejected e) {
      throw e.problem();
    } catch (RecordSearch.ResponseTooLarge e) {
      throw InvalidRequest.field(
          "size", "must be smaller: these records are too large for one response");
    }
  }

  private SearchResponse<ObjectNode> run(SearchQuery query, FieldQuery fieldQuery) {
    long skip = query.skip();
    if (skip == 0) {
      return searches.run(request(query, fieldQuery, fieldQuery.after()));
    }
    if (fieldQuery.after().isEmpty() && skip < MAX_RESULT_WINDOW - query.size()) {
      return searches.run(request(query, fieldQuery, List.of()).from((int) skip));
    }
    try (PointInTime pointInTime = searches.openPointInTime();
        PointInTimeScan<T> scan = scan(pointInTime, fieldQuery, PointInTimeScan.PAGE_SIZE)) {
      scan.skip(skip);
      return searches.run(request(query, fieldQuery, scan.position()), pointInTime);
    }
  }

  private PointInTimeScan<T> scan(PointInTime pointInTime, FieldQuery query, int pageSize) {
    return new PointInTimeScan<>(
        searches, pointInTime, query.query(), query.order(), query.after(), pageSize);
  }

  private static SearchRequest.Builder request(
      SearchQuery query, FieldQuery fieldQuery, List<FieldValue> after) {
    SearchRequest.Builder request =
        // One more hit than requested shows whether there is a next page.
        RecordSearch.page(fieldQuery.query(), fieldQuery.order(), after, query.size() + 1, true)
            .trackTotalHits(t -> query.countAll() ? t.enabled(true) : t.count(MAX_COUNTED));
    for (String facet : query.facets()) {
      request.aggregations(facet, a -> a.terms(t -> t.field(facet).size(MAX_FACET_VALUES)));
    }
    return request;
  }

  private Page<T> page(SearchQuery query, SearchResponse<ObjectNode> response) {
    List<Hit<ObjectNode>> hits = response.hits().hits();
    boolean more = hits.size() > query.size();
    List<Hit<ObjectNode>> shown = more ? hits.subList(0, query.size()) : hits;
    TotalHits total = response.hits().total();
    return new Page<>(
        shown.stream().map(searches::read).flatMap(Optional::stream).map(Versioned::value).toList(),
        more ? cursor(query.sort(), shown.get(shown.size() - 1)) : null,
        facets(query, response.aggregations()),
        total == null ? hits.size() : total.value(),
        total != null && total.relation() == TotalHitsRelation.Eq);
  }

  /** Creates a cursor. It omits the sort value that Elasticsearch adds for a point in time. */
  private static Cursor cursor(SearchQuery.Sort sort, Hit<ObjectNode> last) {
    List<FieldValue> sortValues = last.sort();
    FieldValue first = sortValues.get(0);
    FieldValue id = sort.field().equals("id") ? first : sortValues.get(1);
    Object value =
        first.isLong() ? (Object) first.longValue() : first.isString() ? first.stringValue() : null;
    return new Cursor(sort, value, id.stringValue());
  }

  private static Map<String, List<Page.Count>> facets(
      SearchQuery query, Map<String, Aggregate> aggregates) {
    Map<String, List<Page.Count>> facets = new LinkedHashMap<>();
    for (String name : query.facets()) {
      Aggregate aggregate = aggregates.get(name);
      if (aggregate != null) {
        facets.put(name, counts(aggregate));
      }
    }
    return facets;
  }

  private static List<Page.Count> counts(Aggregate facet) {
    if (facet.isLterms()) {
      return facet.lterms().buckets().array().stream()
          .map(bucket -> new Page.Count(String.valueOf(bucket.key()), bucket.docCount()))
          .toList();
    }
    if (facet.isSterms()) {
      return facet.sterms().buckets().array().stream()
          .map(bucket -> new Page.Count(bucket.key().stringValue(), bucket.docCount()))
          .toList();
    }
    // No record has the field.
    return List.of();
  }
}
