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
 * Reads all hits of a query from a point in time, page by page, in an order that is unique for each
 * record. A record that cannot be read is logged and omitted.
 */
final class PointInTimeScan<T> implements Hits<T> {

  static final int PAGE_SIZE = 500;

  /** Elasticsearch's limit on the size of a page. */
  private static final int MAX_SKIP_SIZE = 10_000;

  private final RecordSearch<T> searches;
  private final PointInTime pointInTime;
  private final Query query;
  private final List<SortOptions> order;
  private List<FieldValue> position;
  private boolean ended;

  /** The number of records in a request; it decreases if they are large. */
  private int pageSize;

  /** A scan with pages of the usual size. */
  /**
   * @param pointInTime closed together with this scan
   * @param position the sort values after which to start; empty for the start
   * @param pageSize the maximum number of records on a page
   */
  PointInTimeScan(
      RecordSearch<T> searches,
      PointInTime pointInTime,
      Query query,
      List<SortOptions> order,
      List<FieldValue> position,
      int pageSize) {
    this.pageSize = pageSize;
    this.searches = searches;
    this.pointInTime = pointInTime;
    this.query = query;
    this.order = order;
    this.position = position;
  }

  /** Returns the sort values of the last hit that was read or skipped; empty at the start. */
  List<FieldValue> position() {
    return position;
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
        return read(pageSize, true);
      } catch (RecordSearch.ResponseTooLarge e) {
        if (pageSize == 1) {
          throw new StoreUnavailable("a record is too large to be read", e);
        }
        pageSize /= 2;
      }
    }
  }

  /** Skips this number of hits, or all if there are fewer. */
  void skip(long count) {
    long remaining = count;
    int size = MAX_SKIP_SIZE;
    while (remaining > 0 && !ended) {
      try {
        remaining -= read((int) Math.min(remaining, size), false).size();
      } catch (RecordSearch.ResponseTooLarge e) {
        // The response contains only sort values, but these can be long.
        size = Math.max(1, size / 2);
      }
    }
  }

  private List<Hit<ObjectNode>> read(int size, boolean withRecords) {
    SearchRequest.Builder request = RecordSearch.page(query, order, position, size, withRecords);
    List<Hit<ObjectNode>> hits = searches.run(request, pointInTime).hits().hits();
    if (!hits.isEmpty()) {
      position = hits.get(hits.size() - 1).sort();
    }
    ended = hits.size() < size;
    return hits;
  }

  @Override
  public void close() {
    ended = true;
    pointInTime.close();
  }
}
