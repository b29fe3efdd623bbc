package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.elastic.record.RecordTime;
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
    List<Query> filters = new ArrayList<>();
    List<Query> exclusions = new ArrayList<>();
    switch (kind) {
      case DOCUMENT -> {
        exclusions.add(QueryTerms.exists("document_id"));
        exclusions.add(QueryTerms.exists("deleted_at"));
      }
      case TASK -> {
        filters.add(QueryTerms.exists("document_id"));
        exclusions.add(QueryTerms.exists("task_id"));
        exclusions.add(QueryTerms.exists("deleted_at"));
      }
      case RESULT -> {
        filters.add(QueryTerms.exists("task_id"));
        exclusions.add(QueryTerms.is("visible", "false"));
        exclusions.add(QueryTerms.is("latest", "false"));
      }
    }
    filters.add(condition.accept(new ConditionQuery()));
    return Query.of(q -> q.bool(b -> b.filter(filters).mustNot(exclusions)));
  }

  @Override
  public Query all() {
    return Query.of(q -> q.matchAll(all -> all));
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
    return Query.of(q -> q.bool(b -> b.filter(filters).mustNot(exclusions)));
  }

  @Override
  public Query or(Condition.Or or) {
    return QueryTerms.either(or.parts().stream().map(part -> part.accept(this)).toList());
  }

  @Override
  public Query not(Condition.Not not) {
    Query excluded = not.condition().accept(this);
    return Query.of(q -> q.bool(b -> b.mustNot(excluded)));
  }

  @Override
  public Query equal(Condition.Equal equal) {
    return QueryTerms.anyOf(
        equal.field(),
        equal.values().stream()
            .map(value -> SearchableCopy.truncated(equal.field(), value))
            .toList());
  }

  @Override
  public Query exists(Condition.Exists exists) {
    return QueryTerms.exists(exists.field());
  }

  @Override
  public Query wildcard(Condition.Wildcard wildcard) {
    return Query.of(
        q ->
            q.wildcard(
                w ->
                    w.field(wildcard.field())
                        .value(wildcard.pattern())
                        .caseInsensitive(wildcard.ignoreCase())));
  }

  @Override
  public Query words(Condition.Words words) {
    return Query.of(
        q ->
            q.match(
                m ->
                    m.field(words.field())
                        .query(words.words())
                        .operator(words.all() ? Operator.And : Operator.Or)));
  }

  @Override
  public Query between(Condition.Between between) {
    return Query.of(
        q ->
            q.range(
                r ->
                    r.date(
                        d ->
                            d.field(between.field())
                                .gte(RecordTime.text(between.from()))
                                .lt(RecordTime.text(between.to())))));
  }
}
