package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.search.Hit;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.search.Hits;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import java.util.List;
import java.util.Optional;

/**
 * Goes through what a query finds at one moment, in an order that names every record's place. One
 * that cannot be read is logged and left out.
 */
final class PointInTimeScan<T> implements Hits<T> {

  private static final int PAGE_SIZE = 500;

  /** Elasticsearch's own limit on one page. */
  private static final int MAX_STEP = 10_000;

  private final RecordSearch<T> searches;
  private final PointInTime context;
  private final Query query;
  private final List<SortOptions> order;
  private List<FieldValue> place;
  private boolean ended;

  /** How many records an answer has, of those that are shown; less where they are large. */
  private int largest = PAGE_SIZE;

  /**
   * Begins.
   *
   * @param context closed with this
   * @param place the sort values after which to begin; empty for the beginning
   */
  PointInTimeScan(
      RecordSearch<T> searches,
      PointInTime context,
      Query query,
      List<SortOptions> order,
      List<FieldValue> place) {
    this.searches = searches;
    this.context = context;
    this.query = query;
    this.order = order;
    this.place = place;
  }

  /** The sort values of the last one that was passed; empty at the beginning. */
  List<FieldValue> place() {
    return place;
  }

  @Override
  public List<T> next() {
    while (!ended) {
      List<T> page =
          page().stream()
              .map(searches::read)
              .flatMap(Optional::stream)
              .map(Versioned::value)
              .toList();
      if (!page.isEmpty()) {
        return page;
      }
    }
    return List.of();
  }

  private List<Hit<ObjectNode>> page() {
    while (true) {
      try {
        return step(largest, true);
      } catch (RecordSearch.AnswerTooLarge e) {
        if (largest == 1) {
          throw new StoreUnavailable("a record is too large to be read", e);
        }
        largest /= 2;
      }
    }
  }

  /** Passes over so many, or to the end. */
  void skip(long many) {
    long left = many;
    int size = MAX_STEP;
    while (left > 0 && !ended) {
      try {
        left -= step((int) Math.min(left, size), false).size();
      } catch (RecordSearch.AnswerTooLarge e) {
        // Only what they are sorted by, which may be long.
        size = Math.max(1, size / 2);
      }
    }
  }

  private List<Hit<ObjectNode>> step(int size, boolean whole) {
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(query)
            .sort(order)
            .size(size)
            .source(s -> s.fetch(whole))
            .seqNoPrimaryTerm(whole)
            .trackTotalHits(t -> t.enabled(false));
    if (!place.isEmpty()) {
      request.searchAfter(place);
    }
    List<Hit<ObjectNode>> hits = searches.run(request, context).hits().hits();
    if (!hits.isEmpty()) {
      place = hits.get(hits.size() - 1).sort();
    }
    ended = hits.size() < size;
    return hits;
  }

  @Override
  public void close() {
    ended = true;
    context.close();
  }
}
