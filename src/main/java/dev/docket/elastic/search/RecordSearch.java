package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.TotalHits;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.client.NoAnswerException;
import dev.docket.elastic.client.SilenceDetector;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.http.InvalidRequest;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Searches for records of a kind, as of the last refresh. */
public final class RecordSearch<T> {

  private static final Logger LOG = LoggerFactory.getLogger(RecordSearch.class);

  /** Elasticsearch's limit on the size of a page. */
  private static final int MAX_PAGE_SIZE = 10_000;

  private final ElasticsearchClient client;
  private final SilenceDetector silence;
  private final Alias alias;
  private final RecordCodec<T> codec;

  /**
   * @param silence shared with the other users of the client's connections
   */
  public RecordSearch(
      ElasticsearchClient client, SilenceDetector silence, Alias alias, RecordCodec<T> codec) {
    this.client = client;
    this.silence = silence;
    this.alias = alias;
    this.codec = codec;
  }

  /** Returns a request for a page of hits, with their records or their sort values only. */
  static SearchRequest.Builder page(
      Query query, List<SortOptions> order, List<FieldValue> after, int size, boolean records) {
    SearchRequest.Builder request =
        counting(query)
            .sort(order)
            .size(size)
            .source(s -> s.fetch(records))
            .seqNoPrimaryTerm(records);
    return after.isEmpty() ? request : request.searchAfter(after);
  }

  /** Returns a request without hits, to which the caller adds aggregations. */
  static SearchRequest.Builder counting(Query query) {
    return new SearchRequest.Builder().query(query).size(0).trackTotalHits(t -> t.enabled(false));
  }

  Alias alias() {
    return alias;
  }

  /**
   * Returns a page of records with their versions, in an order that is unique for each record (its
   * last field is the id). A record that cannot be read is logged and omitted, so that it does not
   * block the work on others; the following records fill the page.
   *
   * @param after the sort values of the last record on the previous page; empty for the first page
   */
  public List<Versioned<T>> sorted(
      Query query, List<SortOptions> order, List<FieldValue> after, int limit) {
    List<Versioned<T>> found = new ArrayList<>();
    List<FieldValue> last = after;
    int maxSize = MAX_PAGE_SIZE;
    while (true) {
      int size = Math.min(limit - found.size(), maxSize);
      List<Hit<ObjectNode>> hits;
      try {
        hits = run(page(query, order, last, size, true)).hits().hits();
      } catch (ResponseTooLarge e) {
        if (size <= 1) {
          throw new StoreUnavailable("a record is too large to be read", e);
        }
        maxSize = size / 2;
        continue;
      }
      for (Hit<ObjectNode> hit : hits) {
        read(hit).ifPresent(found::add);
        last = hit.sort();
      }
      if (hits.size() < size || found.size() >= limit) {
        return found;
      }
    }
  }

  /**
   * Returns the versions of records, without the records, by the value of a field that is unique.
   *
   * @param order sorts by this field
   * @param limit at most {@value #MAX_PAGE_SIZE}
   */
  public Map<String, Version> versions(Query query, SortOptions order, int limit) {
    Map<String, Version> versions = new LinkedHashMap<>();
    SearchRequest.Builder request =
        page(query, List.of(order), List.of(), limit, false).seqNoPrimaryTerm(true);
    for (Hit<ObjectNode> hit : run(request).hits().hits()) {
      versions.put(
          hit.sort().get(0).stringValue(),
          new Version(
              Objects.requireNonNull(hit.seqNo(), "seqNo"),
              Objects.requireNonNull(hit.primaryTerm(), "primaryTerm")));
    }
    return versions;
  }

  /**
   * Returns a page of records with their versions in the order of their ids.
   *
   * @param after the id of the last record on the previous page; null for the first page
   */
  public List<Versioned<T>> byId(Query query, @Nullable Object after, int limit) {
    List<FieldValue> position =
        after == null ? List.of() : List.of(FieldValue.of(after.toString()));
    return sorted(query, QueryTerms.BY_ID, position, limit);
  }

  /** Returns an aggregation of all records that match. */
  public Aggregate aggregate(Query query, Aggregation aggregation) {
    return RouteBuckets.named(
        run(counting(query).aggregations("all", aggregation)).aggregations(), "all");
  }

  /** Returns the number of records that match, or at least the limit if there are more. */
  long count(Query query, int limit) {
    TotalHits total = run(counting(query).trackTotalHits(t -> t.count(limit))).hits().total();
    return Objects.requireNonNull(total, "total").value();
  }

  /** Returns whether any record matches. Each shard stops at its first match. */
  public boolean any(Query query) {
    SearchRequest.Builder request =
        counting(query).size(1).source(s -> s.fetch(false)).terminateAfter(1L);
    return !run(request).hits().hits().isEmpty();
  }

  /** Reads the record of a hit. Returns empty, and logs the error, if it cannot be read. */
  Optional<Versioned<T>> read(Hit<ObjectNode> hit) {
    ObjectNode source = hit.source();
    Long sequence = hit.seqNo();
    Long term = hit.primaryTerm();
    if (source == null || sequence == null || term == null) {
      LOG.error("A search hit lacks its record; omitting record {} of {}", hit.id(), alias);
      return Optional.empty();
    }
    try {
      return Optional.of(new Versioned<>(codec.read(source), new Version(sequence, term)));
    } catch (RecordCodec.Unreadable e) {
      LOG.error("A record cannot be read; omitting record {} of {}", hit.id(), alias, e);
      return Optional.empty();
    }
  }

  /**
   * Opens a point in time.
   *
   * @throws StoreUnavailable if Elasticsearch is unreachable or a shard cannot be searched
   */
  PointInTime openPointInTime() {
    return call(() -> PointInTime.open(client, alias));
  }

  /**
   * Opens a point in time of several indices.
   *
   * @throws StoreUnavailable if Elasticsearch is unreachable or a shard cannot be searched
   */
  PointInTime openPointInTime(List<Alias> aliases, Time keepAlive) {
    return call(() -> PointInTime.open(client, aliases, keepAlive));
  }

  /** Continues with a point in time, which may have expired. */
  PointInTime reopenPointInTime(String id, Time keepAlive) {
    return new PointInTime(client, id, keepAlive);
  }

  /**
   * Runs a search on all shards; a partial result is an error.
   *
   * @throws StoreUnavailable if Elasticsearch is unreachable or a shard cannot be searched
   * @throws ResponseTooLarge if the response exceeds the limit
   * @throws SearchRejected if the search itself is invalid
   */
  public SearchResponse<ObjectNode> run(SearchRequest.Builder request) {
    return send(request.index(alias.value()));
  }

  /** Runs a search that may take minutes, because its cost grows with the number of records. */
  SearchResponse<ObjectNode> runLong(SearchRequest.Builder request) {
    SearchRequest built = request.index(alias.value()).allowPartialSearchResults(false).build();
    return call(
        () ->
            client
                .withTransportOptions(ElasticClients.LONG_TIMEOUT_OPTIONS)
                .search(built, ObjectNode.class),
        ElasticClients.LONG_TIMEOUT);
  }

  /** Runs a search on a point in time. */
  public SearchResponse<ObjectNode> run(SearchRequest.Builder request, PointInTime pointInTime) {
    SearchResponse<ObjectNode> response = send(request.pit(pointInTime.reference()));
    pointInTime.updateId(response.pitId());
    return response;
  }

  private SearchResponse<ObjectNode> send(SearchRequest.Builder request) {
    SearchRequest built = request.allowPartialSearchResults(false).build();
    return call(() -> client.search(built, ObjectNode.class));
  }

  private interface Call<R> {
    R run() throws IOException;
  }

  private <R> R call(Call<R> call) {
    return call(call, silence.timeout());
  }

  private <R> R call(Call<R> call, Duration timeout) {
    long sentAt = begin();
    try {
      R response = call.run();
      silence.responded();
      return response;
    } catch (ElasticsearchException e) {
      silence.responded();
      if (e.status() == 400) {
        throw new SearchRejected(e);
      }
      throw new StoreUnavailable("the store cannot be searched now (" + e.status() + ")", e);
    } catch (IOException e) {
      if (ElasticHttp.isTooLarge(e)) {
        silence.responded();
        throw new ResponseTooLarge(e);
      }
      throw ElasticHttp.unavailable(silence.failed(sentAt, e, timeout));
    } catch (RuntimeException e) {
      throw ElasticHttp.noConnectionIsFree(e) ? ElasticHttp.unavailable(e) : e;
    }
  }

  private long begin() {
    try {
      return silence.begin();
    } catch (NoAnswerException e) {
      throw ElasticHttp.unavailable(e);
    }
  }

  /** The response exceeds the limit of {@link ElasticClients}. */
  static final class ResponseTooLarge extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    ResponseTooLarge(IOException cause) {
      super(cause);
    }
  }

  /** Elasticsearch rejected a search as invalid, or because of a setting. */
  static final class SearchRejected extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private static final String EXPENSIVE = "search.allow_expensive_queries";

    SearchRejected(ElasticsearchException cause) {
      super(reason(cause.error()), cause);
    }

    /** Returns the reason of the shards; that of the whole search says only that they failed. */
    private static String reason(ErrorCause error) {
      return error.rootCause().stream()
          .map(ErrorCause::reason)
          .filter(Objects::nonNull)
          .findFirst()
          .orElseGet(() -> String.valueOf(error.reason()));
    }

    /** Returns the problem to report to the client. */
    InvalidRequest problem() {
      String reason = String.valueOf(getMessage());
      return new InvalidRequest(
          reason.contains(EXPENSIVE)
              ? ("Elasticsearch rejects this search, because its setting %s is false: %s Search for"
                      + " whole values instead of patterns, or set it to true.")
                  .formatted(EXPENSIVE, reason)
              : "the search is invalid: " + reason,
          List.of());
    }
  }
}
