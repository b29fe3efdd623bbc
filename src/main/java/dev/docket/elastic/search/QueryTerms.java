package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import dev.docket.auth.OwnerFilter;
import dev.docket.elastic.record.RecordTime;
import dev.docket.task.Run;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Factories for the queries, sort options and sort values of searches. */
public final class QueryTerms {

  /** Tasks whose current run is not done by people. */
  public static final Query NOT_MANUAL = not(is("courier", Run.MANUAL));

  /** Tasks in an end state. */
  public static final Query FINISHED = inState(states(true));

  /** Tasks in any other state. */
  public static final Query UNFINISHED = inState(states(false));

  /** The order of ids. */
  static final List<SortOptions> BY_ID = List.of(sort("id", SortOrder.Asc));

  private QueryTerms() {}

  private static TaskState[] states(boolean finished) {
    return Stream.of(TaskState.values())
        .filter(state -> state.isFinished() == finished)
        .toArray(TaskState[]::new);
  }

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

  /** Matches records of these owners; empty if all records match. */
  static Optional<Query> ownedBy(OwnerFilter owners) {
    if (owners.includesAll()) {
      return Optional.empty();
    }
    Query own = is("owner.name", owners.name());
    String group = owners.group();
    return Optional.of(group == null ? own : either(own, is("owner.group", group)));
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

  /**
   * Matches records whose time is in a half-open range.
   *
   * @param from the start, inclusive; null for no lower bound
   * @param to the end, exclusive; null for no upper bound
   */
  static Query between(String field, @Nullable Instant from, @Nullable Instant to) {
    return Query.of(q -> q.range(r -> r.date(d -> d.field(field).gte(text(from)).lt(text(to)))));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : RecordTime.text(time);
  }

  public static Query moreThan(String field, int number) {
    return Query.of(q -> q.range(r -> r.number(n -> n.field(field).gt((double) number))));
  }

  public static Query before(String field, Instant time) {
    return Query.of(q -> q.range(r -> r.date(d -> d.field(field).lt(RecordTime.text(time)))));
  }

  /** Matches records that match all queries and are not being deleted. */
  public static Query notDeleted(Query... all) {
    return allBut(List.of(all), exists("deleted_at"));
  }

  /** Matches records that match all queries. */
  public static Query all(Query... queries) {
    return allBut(List.of(queries));
  }

  /** Matches records that match none of the queries. */
  public static Query not(Query... excluded) {
    return allBut(List.of(), excluded);
  }

  /** Matches records that match all queries, and none of the excluded ones. */
  public static Query allBut(List<Query> all, Query... excluded) {
    return Query.of(q -> q.bool(b -> b.filter(all).mustNot(List.of(excluded))));
  }

  /** Matches records that match at least one of the queries. */
  public static Query either(Query... queries) {
    return either(List.of(queries));
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

  /** Sorts by a time, and by id. */
  public static List<SortOptions> oldestFirst(String field) {
    return List.of(sort(field, SortOrder.Asc), sort("id", SortOrder.Asc));
  }

  /** Sorts by a field; records without the field come last. */
  public static SortOptions sort(String field, SortOrder order) {
    return SortOptions.of(s -> s.field(f -> f.field(field).order(order).missing("_last")));
  }
}
