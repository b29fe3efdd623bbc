package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.elastic.record.SearchableCopy;
import dev.docket.http.InvalidRequest;
import dev.docket.search.Cursor;
import dev.docket.search.SearchQuery;
import dev.docket.search.TextPattern;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A search as an Elasticsearch query. Search values are never parsed as query syntax.
 *
 * @param after the sort values after which the search starts; empty for the first page
 */
record FieldQuery(Query query, List<SortOptions> order, List<FieldValue> after) {

  /** Booleans that are true in records without them. */
  private static final Set<String> FLAGS = Set.of("visible", "latest");

  /** Free-form objects, which are searched in a copy. */
  private static final List<String> OBJECTS = List.of("metadata", "args", "payload", "generator");

  /**
   * Translates a search.
   *
   * @param wordsField the field for full-text search; null if there is none
   * @throws InvalidRequest if a value is not valid Unicode text, or full-text search is unavailable
   */
  static FieldQuery of(SearchQuery query, @Nullable String wordsField) {
    List<Query> all = new ArrayList<>();
    query.filters().forEach(filter -> all.add(filter(filter)));
    QueryTerms.ownedBy(query.owners()).ifPresent(all::add);
    query
        .ranges()
        .forEach(range -> all.add(QueryTerms.between(range.field(), range.from(), range.to())));
    String words = query.words();
    if (words != null) {
      if (wordsField == null) {
        throw InvalidRequest.field("q", "must be omitted: these records have no full-text search");
      }
      all.add(words(wordsField, checkUnicode("q", words)));
    }
    return new FieldQuery(
        QueryTerms.allBut(all, QueryTerms.exists("deleted_at")),
        order(query.sort()),
        after(query.after()));
  }

  /** Matches words in composed and decomposed Unicode form, whichever form they are given in. */
  private static Query words(String field, String words) {
    List<Query> forms =
        Stream.of(
                words,
                Normalizer.normalize(words, Normalizer.Form.NFC),
                Normalizer.normalize(words, Normalizer.Form.NFD))
            .distinct()
            .map(
                form ->
                    Query.of(q -> q.match(m -> m.field(field).query(form).operator(Operator.And))))
            .toList();
    return anyOf(forms);
  }

  private static Query anyOf(List<Query> queries) {
    return switch (queries.size()) {
      case 0 -> Query.of(q -> q.matchNone(none -> none));
      case 1 -> queries.get(0);
      default -> Query.of(q -> q.bool(b -> b.should(queries)));
    };
  }

  private static Query filter(SearchQuery.Filter filter) {
    if (FLAGS.contains(filter.field())) {
      return anyOf(filter.values().stream().map(value -> flag(filter.field(), value)).toList());
    }
    String field = field(checkUnicode("field", filter.field()));
    List<Query> queries = new ArrayList<>();
    List<String> exact = new ArrayList<>();
    for (TextPattern value : filter.values()) {
      checkUnicode(filter.field(), value.pattern());
      String literal = SearchableCopy.truncated(field, value.literal());
      if (value.exact()) {
        exact.add(literal);
      } else if (value.any()) {
        // Needs no pattern, which search.allow_expensive_queries may forbid.
        queries.add(QueryTerms.exists(field));
      } else if (value.prefix()) {
        queries.add(Query.of(q -> q.prefix(p -> p.field(field).value(literal))));
      } else {
        queries.add(Query.of(q -> q.wildcard(w -> w.field(field).value(value.pattern()))));
      }
    }
    if (!exact.isEmpty()) {
      queries.add(QueryTerms.anyOf(field, exact));
    }
    return anyOf(queries);
  }

  private static Query flag(String field, TextPattern value) {
    Query isFalse = QueryTerms.is(field, "false");
    return switch (value.pattern()) {
      case "true" -> QueryTerms.not(isFalse);
      case "false" -> isFalse;
      default -> throw InvalidRequest.field(field, "must be true or false");
    };
  }

  /** Returns the field in the searchable copy, for a field of a free-form object. */
  private static String field(String name) {
    for (String object : OBJECTS) {
      if (name.startsWith(object + ".")) {
        return object + "_search" + name.substring(object.length());
      }
    }
    return name;
  }

  /** Rejects unpaired surrogates: UTF-8 cannot encode them, and no record contains them. */
  private static String checkUnicode(String name, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw InvalidRequest.field(name, "must not contain an unpaired surrogate");
    }
    return text;
  }

  private static List<SortOptions> order(SearchQuery.Sort sort) {
    SortOptions first =
        QueryTerms.sort(
            checkUnicode("sort", sort.field()), sort.descending() ? SortOrder.Desc : SortOrder.Asc);
    return sort.field().equals("id") ? List.of(first) : List.of(first, QueryTerms.BY_ID.get(0));
  }

  private static List<FieldValue> after(@Nullable Cursor cursor) {
    if (cursor == null) {
      return List.of();
    }
    FieldValue id = FieldValue.of(checkUnicode("cursor", cursor.id()));
    if (cursor.sort().field().equals("id")) {
      return List.of(id);
    }
    Object value = cursor.value();
    if (value == null) {
      return List.of(FieldValue.NULL, id);
    }
    return List.of(
        value instanceof Long number
            ? FieldValue.of(number)
            : FieldValue.of(checkUnicode("cursor", (String) value)),
        id);
  }
}
