package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.elastic.record.RecordTime;
import dev.docket.elastic.record.SearchableCopy;
import dev.docket.http.InvalidRequest;
import dev.docket.search.Cursor;
import dev.docket.search.SearchQuery;
import dev.docket.search.TextPattern;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A search in Elasticsearch's words. Nothing of what is looked for is ever parsed as a query.
 *
 * @param place after which it begins; empty for the beginning
 */
record FieldQuery(Query query, List<SortOptions> order, List<FieldValue> place) {

  /**
   * Puts it together.
   *
   * @param wordsField where the words are looked for; null: they cannot be looked for
   * @throws InvalidRequest if there is something in it that no record can have
   */
  static FieldQuery of(SearchQuery query, @Nullable String wordsField) {
    List<Query> all = new ArrayList<>();
    query.filters().forEach(filter -> all.add(filter(filter)));
    query.ranges().forEach(range -> all.add(range(range)));
    String words = query.words();
    if (words != null) {
      if (wordsField == null) {
        throw InvalidRequest.field("q", "there is no text to be searched for words");
      }
      all.add(words(wordsField, whole("q", words)));
    }
    return new FieldQuery(QueryTerms.alive(all), order(query.sort()), place(query.after()));
  }

  /** What is written with letters and marks is found as one character, and the other way round. */
  private static Query words(String field, String words) {
    List<Query> any =
        Stream.of(
                words,
                Normalizer.normalize(words, Normalizer.Form.NFC),
                Normalizer.normalize(words, Normalizer.Form.NFD))
            .distinct()
            .map(
                form ->
                    Query.of(q -> q.match(m -> m.field(field).query(form).operator(Operator.And))))
            .toList();
    return anyOf(any);
  }

  private static Query anyOf(List<Query> any) {
    return switch (any.size()) {
      case 0 -> Query.of(q -> q.matchNone(none -> none));
      case 1 -> any.get(0);
      default -> Query.of(q -> q.bool(b -> b.should(any)));
    };
  }

  private static Query filter(SearchQuery.Filter filter) {
    String field = field(whole("field", filter.field()));
    List<Query> any = new ArrayList<>();
    List<String> exact = new ArrayList<>();
    for (TextPattern value : filter.values()) {
      whole(filter.field(), value.pattern());
      String literal = SearchableCopy.asSearched(field, value.literal());
      if (value.exact()) {
        exact.add(literal);
      } else if (value.prefix()) {
        any.add(Query.of(q -> q.prefix(p -> p.field(field).value(literal))));
      } else {
        any.add(Query.of(q -> q.wildcard(w -> w.field(field).value(value.pattern()))));
      }
    }
    if (!exact.isEmpty()) {
      any.add(QueryTerms.anyOf(field, exact));
    }
    return anyOf(any);
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

  /** Half a character cannot be sent, and no record has one. */
  private static String whole(String name, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw InvalidRequest.field(name, "has half a character in it, which no text has");
      }
    }
    return text;
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
        QueryTerms.sort(
            whole("sort", sort.field()), sort.descending() ? SortOrder.Desc : SortOrder.Asc);
    return sort.field().equals("id")
        ? List.of(first)
        : List.of(first, QueryTerms.sort("id", SortOrder.Asc));
  }

  private static List<FieldValue> place(@Nullable Cursor after) {
    if (after == null) {
      return List.of();
    }
    FieldValue id = FieldValue.of(whole("cursor", after.id()));
    if (after.sort().field().equals("id")) {
      return List.of(id);
    }
    Object value = after.value();
    if (value == null) {
      return List.of(FieldValue.NULL, id);
    }
    return List.of(
        value instanceof Long number
            ? FieldValue.of(number)
            : FieldValue.of(whole("cursor", (String) value)),
        id);
  }
}
