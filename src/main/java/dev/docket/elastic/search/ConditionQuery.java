package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.query_dsl.MatchQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch._types.query_dsl.WildcardQuery;
import dev.docket.elastic.record.SearchableCopy;
import dev.docket.search.record.Condition;
import dev.docket.search.record.RecordSelection;
import dev.docket.search.record.SearchedKind;
import java.util.ArrayList;
import java.util.List;

/** A condition as an Elasticsearch query. Values are never parsed as query syntax. */
final class ConditionQuery {

  private ConditionQuery() {}

  /** The query on all three indices. */
  static Query of(RecordSelection selection) {
    List<Query> kinds = new ArrayList<>();
    selection.conditions().forEach((kind, condition) -> kinds.add(of(kind, condition)));
    return kinds.isEmpty() ? Query.of(q -> q.matchNone(none -> none)) : QueryTerms.either(kinds);
  }

  /** Matches only records of this kind, which the fields of the record tell. */
  static Query of(SearchedKind kind, Condition condition) {
    Query matching = of(condition);
    return switch (kind) {
      case DOCUMENT ->
          QueryTerms.allBut(
              List.of(matching), QueryTerms.exists("document_id"), QueryTerms.exists("deleted_at"));
      case TASK ->
          QueryTerms.allBut(
              List.of(QueryTerms.exists("document_id"), matching),
              QueryTerms.exists("task_id"),
              QueryTerms.exists("deleted_at"));
      case RESULT ->
          QueryTerms.allBut(
              List.of(QueryTerms.exists("task_id"), matching),
              QueryTerms.is("visible", "false"),
              QueryTerms.is("latest", "false"));
    };
  }

  private static Query of(Condition condition) {
    if (condition instanceof Condition.And and) {
      return and(and);
    } else if (condition instanceof Condition.Or or) {
      return QueryTerms.either(or.parts().stream().map(ConditionQuery::of).toList());
    } else if (condition instanceof Condition.Not not) {
      return QueryTerms.not(of(not.condition()));
    } else if (condition instanceof Condition.Equal equal) {
      String field = equal.field();
      return QueryTerms.anyOf(
          field,
          equal.values().stream().map(value -> SearchableCopy.truncated(field, value)).toList());
    } else if (condition instanceof Condition.Exists exists) {
      return QueryTerms.exists(exists.field());
    } else if (condition instanceof Condition.Wildcard wildcard) {
      return Query.of(q -> q.wildcard(w -> wildcard(w, wildcard)));
    } else if (condition instanceof Condition.Words words) {
      return Query.of(q -> q.match(m -> match(m, words)));
    } else if (condition instanceof Condition.Between between) {
      return QueryTerms.between(between.field(), between.from(), between.to());
    } else if (condition instanceof Condition.All) {
      return Query.of(q -> q.matchAll(all -> all));
    }
    throw new IllegalStateException("no query for " + condition);
  }

  private static Query and(Condition.And and) {
    List<Query> filters = new ArrayList<>();
    List<Query> exclusions = new ArrayList<>();
    for (Condition part : and.parts()) {
      if (part instanceof Condition.Not not) {
        exclusions.add(of(not.condition()));
      } else {
        filters.add(of(part));
      }
    }
    return QueryTerms.allBut(filters, exclusions.toArray(Query[]::new));
  }

  private static WildcardQuery.Builder wildcard(
      WildcardQuery.Builder query, Condition.Wildcard condition) {
    return query
        .field(condition.field())
        .value(condition.pattern())
        .caseInsensitive(condition.ignoreCase());
  }

  private static MatchQuery.Builder match(MatchQuery.Builder query, Condition.Words condition) {
    return query
        .field(condition.field())
        .query(condition.words())
        .operator(condition.all() ? Operator.And : Operator.Or);
  }
}
