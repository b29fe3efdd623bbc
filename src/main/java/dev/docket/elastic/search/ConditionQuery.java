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
final class ConditionQuery implements Condition.Visitor<Query> {

  private ConditionQuery() {}

  /** The query on all three indices. */
  static Query of(RecordSelection selection) {
    List<Query> kinds = new ArrayList<>();
    selection.conditions().forEach((kind, condition) -> kinds.add(of(kind, condition)));
    return kinds.isEmpty() ? Query.of(q -> q.matchNone(none -> none)) : QueryTerms.either(kinds);
  }

  /** Matches only records of this kind, which the fields of the record tell. */
  static Query of(SearchedKind kind, Condition condition) {
    Query matching = condition.accept(new ConditionQuery());
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

  @Override
  public Query and(Condition.And and) {
    List<Query> filters = new ArrayList<>();
    List<Query> exclusions = new ArrayList<>();
    for (Condition part : and.parts()) {
      if (part instanceof Condition.Not not) {
        exclusions.add(not.condition().accept(this));
      } else {
        filters.add(part.accept(this));
      }
    }
    return QueryTerms.allBut(filters, exclusions.toArray(Query[]::new));
  }

  @Override
  public Query or(Condition.Or or) {
    return QueryTerms.either(or.parts().stream().map(part -> part.accept(this)).toList());
  }

  @Override
  public Query not(Condition.Not not) {
    return QueryTerms.not(not.condition().accept(this));
  }

  @Override
  public Query equal(Condition.Equal equal) {
    String field = equal.field();
    return QueryTerms.anyOf(
        field,
        equal.values().stream().map(value -> SearchableCopy.truncated(field, value)).toList());
  }

  @Override
  public Query exists(Condition.Exists exists) {
    return QueryTerms.exists(exists.field());
  }

  @Override
  public Query wildcard(Condition.Wildcard wildcard) {
    return WildcardQuery.of(
            query ->
                query
                    .field(wildcard.field())
                    .value(wildcard.pattern())
                    .caseInsensitive(wildcard.ignoreCase()))
        ._toQuery();
  }

  @Override
  public Query words(Condition.Words words) {
    return MatchQuery.of(
            query ->
                query
                    .field(words.field())
                    .query(words.words())
                    .operator(words.all() ? Operator.And : Operator.Or))
        ._toQuery();
  }

  @Override
  public Query between(Condition.Between between) {
    return QueryTerms.between(between.field(), between.from(), between.to());
  }
}
