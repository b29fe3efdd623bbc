package dev.docket.elastic;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.TotalHits;
import co.elastic.clients.elasticsearch.core.search.TotalHitsRelation;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.document.Versioned;
import dev.docket.errors.Invalid;
import dev.docket.search.Cursor;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.search.TextPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Searches by field, word and time, for records of a kind. */
final class FieldSearch<T> {

  private static final int MOST_FACET_VALUES = 100;

  /** Beyond this many the rest is not counted, which would cost as much as reading them. */
  private static final int MOST_COUNTED = 10_000;

  private final Searches<T> searches;
  private final Refresher refresher;
  private final String wordsField;

  /**
   * @param wordsField where the words are looked for
   */
  FieldSearch(Searches<T> searches, Refresher refresher, String wordsField) {
    this.searches = searches;
    this.refresher = refresher;
    this.wordsField = wordsField;
  }

  Page<T> search(SearchQuery query) {
    if (query.fresh()) {
      refresher.refresh();
    }
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(query(query))
            .sort(order(query.sort()))
            // One more than asked for tells whether there is a next page.
            .size(query.size() + 1)
            .seqNoPrimaryTerm(true)
            .trackTotalHits(t -> t.count(MOST_COUNTED));
    for (String facet : query.facets()) {
      request.aggregations(facet, a -> a.terms(t -> t.field(facet).size(MOST_FACET_VALUES)));
    }
    Cursor after = query.after();
    if (after != null) {
      request.searchAfter(place(after));
    }
    try {
      return page(query, searches.run(request));
    } catch (Searches.SearchRefused e) {
      throw new Invalid("this cannot be searched: " + e.getMessage(), List.of());
    } catch (Searches.AnswerTooLarge e) {
      throw Invalid.field("size", "these are too large to be sent at once, ask for fewer");
    }
  }

  private Query query(SearchQuery query) {
    List<Query> all = new ArrayList<>();
    query.filters().forEach(filter -> all.add(filter(filter)));
    query.ranges().forEach(range -> all.add(range(range)));
    String words = query.words();
    if (words != null) {
      all.add(Query.of(q -> q.match(m -> m.field(wordsField).query(words).operator(Operator.And))));
    }
    return Terms.alive(all);
  }

  private static Query filter(SearchQuery.Filter filter) {
    String field = field(filter.field());
    List<Query> any = new ArrayList<>();
    List<String> exact = new ArrayList<>();
    for (TextPattern value : filter.values()) {
      if (value.exact()) {
        exact.add(SearchableCopy.asSearched(field, value.literal()));
      } else if (value.prefix()) {
        any.add(Query.of(q -> q.prefix(p -> p.field(field).value(value.literal()))));
      } else {
        any.add(Query.of(q -> q.wildcard(w -> w.field(field).value(value.pattern()))));
      }
    }
    if (!exact.isEmpty()) {
      any.add(Terms.anyOf(field, exact));
    }
    return any.size() == 1 ? any.get(0) : Query.of(q -> q.bool(b -> b.should(any)));
  }

  /** Of free-form objects the copy is searched. */
  private static String field(String name) {
    for (String object : List.of("metadata", "args", "payload")) {
      if (name.startsWith(object + ".")) {
        return object + "_search" + name.substring(object.length());
      }
    }
    return name;
  }

  private static Query range(SearchQuery.Range range) {
    return Query.of(
        q ->
            q.range(
                r ->
                    r.date(
                        d -> d.field(range.field()).gte(text(range.from())).lt(text(range.to())))));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : RecordTime.text(time);
  }

  private static List<SortOptions> order(SearchQuery.Sort sort) {
    SortOptions first =
        Terms.sort(sort.field(), sort.descending() ? SortOrder.Desc : SortOrder.Asc);
    return sort.field().equals("id")
        ? List.of(first)
        : List.of(first, Terms.sort("id", SortOrder.Asc));
  }

  private static List<FieldValue> place(Cursor after) {
    FieldValue id = FieldValue.of(after.id());
    if (after.sort().field().equals("id")) {
      return List.of(id);
    }
    Object value = after.value();
    if (value == null) {
      return List.of(FieldValue.NULL, id);
    }
    return List.of(
        value instanceof Long number ? FieldValue.of(number) : FieldValue.of((String) value), id);
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

  private static Cursor cursor(SearchQuery.Sort sort, Hit<ObjectNode> last) {
    List<FieldValue> place = last.sort();
    FieldValue first = place.get(0);
    FieldValue id = place.get(place.size() - 1);
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
