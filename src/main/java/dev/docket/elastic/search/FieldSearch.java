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

/** Searches by field, word and time, for records of a kind. */
public final class FieldSearch<T> {

  private static final int MAX_FACET_VALUES = 100;

  /** Beyond this many the rest is not counted, which would cost as much as reading them. */
  private static final int MAX_COUNTED = 10_000;

  /** Elasticsearch's own limit on what lies before the end of a page. */
  private static final int WINDOW = 10_000;

  private final RecordSearch<T> searches;
  private final Refresher refresher;
  private final @Nullable String wordsField;

  /**
   * @param wordsField where the words are looked for; null: nowhere
   */
  public FieldSearch(RecordSearch<T> searches, Refresher refresher, @Nullable String wordsField) {
    this.searches = searches;
    this.refresher = refresher;
    this.wordsField = wordsField;
  }

  Page<T> search(SearchQuery query) {
    FieldQuery wanted = FieldQuery.of(query, wordsField);
    if (query.fresh()) {
      refresher.refresh();
    }
    return refusedIsInvalid(() -> page(query, found(query, wanted)));
  }

  Hits<T> all(SearchQuery query) {
    FieldQuery wanted = FieldQuery.of(query.after(null), wordsField);
    if (query.fresh()) {
      refresher.refresh();
    }
    PointInTimeScan<T> walk =
        new PointInTimeScan<>(
            searches, searches.now(), wanted.query(), wanted.order(), wanted.place());
    return new Hits<>() {
      @Override
      public List<T> next() {
        return refusedIsInvalid(walk::next);
      }

      @Override
      public void close() {
        walk.close();
      }
    };
  }

  private static <R> R refusedIsInvalid(Supplier<R> search) {
    try {
      return search.get();
    } catch (RecordSearch.SearchRefused e) {
      throw new InvalidRequest("this cannot be searched: " + e.getMessage(), List.of());
    } catch (RecordSearch.AnswerTooLarge e) {
      throw InvalidRequest.field("size", "these are too large to be sent at once, ask for fewer");
    }
  }

  private SearchResponse<ObjectNode> found(SearchQuery query, FieldQuery wanted) {
    long skip = query.skip();
    if (skip == 0) {
      return searches.run(request(query, wanted, wanted.place()));
    }
    if (wanted.place().isEmpty() && skip < WINDOW - query.size()) {
      return searches.run(request(query, wanted, List.of()).from((int) skip));
    }
    try (PointInTime now = searches.now();
        PointInTimeScan<T> walk =
            new PointInTimeScan<>(searches, now, wanted.query(), wanted.order(), wanted.place())) {
      walk.skip(skip);
      return searches.run(request(query, wanted, walk.place()), now);
    }
  }

  private static SearchRequest.Builder request(
      SearchQuery query, FieldQuery wanted, List<FieldValue> place) {
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(wanted.query())
            .sort(wanted.order())
            // One more than asked for tells whether there is a next page.
            .size(query.size() + 1)
            .seqNoPrimaryTerm(true)
            .trackTotalHits(t -> query.countAll() ? t.enabled(true) : t.count(MAX_COUNTED));
    for (String facet : query.facets()) {
      request.aggregations(facet, a -> a.terms(t -> t.field(facet).size(MAX_FACET_VALUES)));
    }
    if (!place.isEmpty()) {
      request.searchAfter(place);
    }
    return request;
  }

  private Page<T> page(SearchQuery query, SearchResponse<ObjectNode> found) {
    List<Hit<ObjectNode>> hits = found.hits().hits();
    boolean more = hits.size() > query.size();
    List<Hit<ObjectNode>> shown = more ? hits.subList(0, query.size()) : hits;
    TotalHits total = found.hits().total();
    return new Page<>(
        shown.stream().map(searches::read).flatMap(Optional::stream).map(Versioned::value).toList(),
        more ? cursor(query.sort(), shown.get(shown.size() - 1)) : null,
        facets(query, found.aggregations()),
        total == null ? hits.size() : total.value(),
        total != null && total.relation() == TotalHitsRelation.Eq);
  }

  /** A point in time adds a value of its own to the place, which is not needed. */
  private static Cursor cursor(SearchQuery.Sort sort, Hit<ObjectNode> last) {
    List<FieldValue> place = last.sort();
    FieldValue first = place.get(0);
    FieldValue id = sort.field().equals("id") ? first : place.get(1);
    Object value =
        first.isLong() ? (Object) first.longValue() : first.isString() ? first.stringValue() : null;
    return new Cursor(sort, value, id.stringValue());
  }

  private static Map<String, List<Page.Count>> facets(
      SearchQuery query, Map<String, Aggregate> counted) {
    Map<String, List<Page.Count>> facets = new LinkedHashMap<>();
    for (String name : query.facets()) {
      Aggregate counts = counted.get(name);
      if (counts != null) {
        facets.put(name, counts(counts));
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
    // Of a field that no record has, whatever its type.
    return List.of();
  }
}
