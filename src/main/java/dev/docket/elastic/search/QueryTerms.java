package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.elastic.record.RecordTime;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The words that searches are made of. */
public final class QueryTerms {

  private QueryTerms() {}

  public static Query is(String field, String value) {
    return Query.of(q -> q.term(t -> t.field(field).value(value)));
  }

  public static Query anyOf(String field, Collection<String> values) {
    List<FieldValue> all = values.stream().map(FieldValue::of).toList();
    return Query.of(q -> q.terms(t -> t.field(field).terms(v -> v.value(all))));
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

  /** What all of these say, and of what is not being deleted. */
  public static Query alive(List<Query> all) {
    return Query.of(q -> q.bool(b -> b.filter(all).mustNot(exists("deleted_at"))));
  }

  /** What at least one of these says. */
  public static Query either(List<Query> some) {
    return Query.of(q -> q.bool(b -> b.should(some).minimumShouldMatch("1")));
  }

  /** The place of a record in an order by a time and then by id, to go on behind it. */
  public static List<FieldValue> place(Instant time, TaskId id) {
    return place(time, id.value());
  }

  /** The same, of any record. */
  public static List<FieldValue> place(Instant time, String id) {
    return List.of(FieldValue.of(time.toEpochMilli()), FieldValue.of(id));
  }

  /** Those that lack the field come last. */
  public static SortOptions sort(String field, SortOrder order) {
    return SortOptions.of(s -> s.field(f -> f.field(field).order(order).missing("_last")));
  }
}
