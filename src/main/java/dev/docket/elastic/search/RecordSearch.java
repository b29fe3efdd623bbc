package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Searches for records of a kind. They see what was there at the last refresh. */
public final class RecordSearch<T> {

  private static final Logger LOG = LoggerFactory.getLogger(RecordSearch.class);

  /** Elasticsearch's own limit on one page. */
  private static final int MAX_PAGE_SIZE = 10_000;

  private final ElasticsearchClient client;
  private final Alias alias;
  private final RecordCodec<T> form;

  public RecordSearch(ElasticsearchClient client, Alias alias, RecordCodec<T> form) {
    this.client = client;
    this.alias = alias;
    this.form = form;
  }

  Alias alias() {
    return alias;
  }

  /**
   * Records in an order that names every record's place (its last field is the id), with their
   * versions. One that cannot be read is logged and left out, as it must not stop the work on all
   * others; the page is filled up with those after it.
   *
   * @param after the sort values of the last one of the page before; empty for the first page
   */
  public List<Versioned<T>> sorted(
      Query query, List<SortOptions> order, List<FieldValue> after, int limit) {
    List<Versioned<T>> found = new ArrayList<>();
    List<FieldValue> last = after;
    int largest = MAX_PAGE_SIZE;
    while (true) {
      int wanted = Math.min(limit - found.size(), largest);
      List<Hit<ObjectNode>> hits;
      try {
        hits = page(query, order, last, wanted);
      } catch (AnswerTooLarge e) {
        if (wanted <= 1) {
          throw new StoreUnavailable("a record is too large to be read", e);
        }
        largest = wanted / 2;
        continue;
      }
      for (Hit<ObjectNode> hit : hits) {
        read(hit).ifPresent(found::add);
        last = hit.sort();
      }
      if (hits.size() < wanted || found.size() >= limit) {
        return found;
      }
    }
  }

  /** Whether there is any; looks no further than the first of each shard. */
  public boolean any(Query query) {
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(query)
            .size(1)
            .source(s -> s.fetch(false))
            .terminateAfter(1L)
            .trackTotalHits(t -> t.enabled(false));
    return !run(request).hits().hits().isEmpty();
  }

  private List<Hit<ObjectNode>> page(
      Query query, List<SortOptions> order, List<FieldValue> after, int size) {
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(query)
            .sort(order)
            .size(size)
            .seqNoPrimaryTerm(true)
            .trackTotalHits(t -> t.enabled(false));
    if (!after.isEmpty()) {
      request.searchAfter(after);
    }
    return run(request).hits().hits();
  }

  /** The record of a hit; empty, and logged, if it cannot be read. */
  Optional<Versioned<T>> read(Hit<ObjectNode> hit) {
    ObjectNode source = hit.source();
    Long sequence = hit.seqNo();
    Long term = hit.primaryTerm();
    if (source == null || sequence == null || term == null) {
      LOG.error("{} {}: a search came back without the record", alias, hit.id());
      return Optional.empty();
    }
    try {
      return Optional.of(new Versioned<>(form.read(source), new Version(sequence, term)));
    } catch (RecordCodec.Unreadable e) {
      LOG.error("{} {} is left out", alias, hit.id(), e);
      return Optional.empty();
    }
  }

  /**
   * Has Elasticsearch keep this moment for searches.
   *
   * @throws StoreUnavailable if it cannot be reached or a part of it cannot be searched
   */
  PointInTime now() {
    return answer(() -> PointInTime.open(client, alias));
  }

  /**
   * Runs a search that must see every shard.
   *
   * @throws StoreUnavailable if it cannot be reached or a part of it cannot be searched
   * @throws AnswerTooLarge if the page is too large for memory
   * @throws SearchRefused if Elasticsearch finds fault with the search itself
   */
  public SearchResponse<ObjectNode> run(SearchRequest.Builder request) {
    return send(request.index(alias.value()));
  }

  /** The same, for what may take minutes because it looks at all that there is. */
  SearchResponse<ObjectNode> patiently(SearchRequest.Builder request) {
    SearchRequest whole = request.index(alias.value()).allowPartialSearchResults(false).build();
    return answer(
        () ->
            client
                .withTransportOptions(ElasticClients.LONG_TIMEOUT_OPTIONS)
                .search(whole, ObjectNode.class));
  }

  /** The same, of what was there at a moment. */
  public SearchResponse<ObjectNode> run(SearchRequest.Builder request, PointInTime context) {
    SearchResponse<ObjectNode> found = send(request.pit(context.reference()));
    context.renamed(found.pitId());
    return found;
  }

  private SearchResponse<ObjectNode> send(SearchRequest.Builder request) {
    SearchRequest whole = request.allowPartialSearchResults(false).build();
    return answer(() -> client.search(whole, ObjectNode.class));
  }

  private interface Call<A> {
    A answer() throws IOException;
  }

  private static <A> A answer(Call<A> call) {
    try {
      return call.answer();
    } catch (ElasticsearchException e) {
      if (e.status() == 400) {
        throw new SearchRefused(e);
      }
      throw new StoreUnavailable("the store cannot be searched now (" + e.status() + ")", e);
    } catch (IOException e) {
      if (ElasticHttp.isTooLarge(e)) {
        throw new AnswerTooLarge(e);
      }
      throw new StoreUnavailable(ElasticHttp.noAnswer(e), e);
    }
  }

  /** An answer was too large for memory. */
  static final class AnswerTooLarge extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    AnswerTooLarge(IOException cause) {
      super(cause);
    }
  }

  /** Elasticsearch finds fault with a search. */
  static final class SearchRefused extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    SearchRefused(ElasticsearchException cause) {
      super(cause.error().reason(), cause);
    }
  }
}
