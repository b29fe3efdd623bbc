package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.elastic.record.RecordTime;
import dev.docket.task.Run;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Factories for the queries, sort options and sort values of searches. */
public final class QueryTerms {

  /** Tasks whose current run is not done by people. */
  public static final Query NOT_MANUAL =
      Query.of(q -> q.bool(b -> b.mustNot(is("courier", Run.MANUAL))));

  private QueryTerms() {}

  public static Query is(String field, String value) {
    return Query.of(q -> q.term(t -> t.field(field).value(value)));
  }

  public static Query anyOf(String field, Collection<String> values) {
    List<FieldValue> all = values.stream().map(FieldValue::of).toList();
    return Query.of(q -> q.terms(t -> t.field(field).terms(v -> v.value(all))));
  }

  /** Matches tasks in one of these states. */
  public static Query inState(TaskState... states) {
    return anyOf("state", Stream.of(states).map(state -> String.valueOf(state.number())).toList());
  }

  public static Query exists(String field) {
    return Query.of(q -> q.exists(e -> e.field(field)));
  }

  public static Query notAfter(String field, Instant time) {
    return Query.of(q -> q.range(r -> r.date(d -> d.field(field).lte(RecordTime.text(time)))));
  }

  public static Query notBefore(String field, Instant time) {
    return Query.of(q -> q.range(r -> r.date(d -> d.field(field).gte(RecordTime.text(time)))));
  }

  public static Query after(String field, Instant time) {
    return Query.of(q -> q.range(r -> r.date(d -> d.field(field).gt(RecordTime.text(time)))));
  }

  public static Query moreThan(String field, int number) {
    return Query.of(q -> q.range(r -> r.number(n -> n.field(field).gt((double) number))));
  }

  public static Query before(String field, Instant time) {
    return Query.of(q -> q.range(r -> r.date(d -> d.field(field).lt(RecordTime.text(time)))));
  }

  /** Matches records that match all queries and are not being deleted. */
  public static Query notDeleted(List<Query> all) {
    return Query.of(q -> q.bool(b -> b.filter(all).mustNot(exists("deleted_at"))));
  }

  /** Matches records that match at least one of the queries. */
  public static Query either(List<Query> queries) {
    return Query.of(q -> q.bool(b -> b.should(queries).minimumShouldMatch("1")));
  }

  /** Returns the sort values of a task in an order by time and id, for {@code search_after}. */
  public static List<FieldValue> sortValues(Instant time, TaskId id) {
    return sortValues(time, id.value());
  }

  /** Returns the sort values of a record in an order by time and id, for {@code search_after}. */
  public static List<FieldValue> sortValues(Instant time, String id) {
    return List.of(FieldValue.of(time.toEpochMilli()), FieldValue.of(id));
  }

  /** Sorts by a field; records without the field come last. */
  public static SortOptions sort(String field, SortOrder order) {
    return SortOptions.of(s -> s.field(f -> f.field(field).order(order).missing("_last")));
  }
}
