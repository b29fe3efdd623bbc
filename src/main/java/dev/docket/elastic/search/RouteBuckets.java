package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregationSource;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeBucket;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import dev.docket.document.TargetType;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Aggregation of tasks by route, and access to its buckets. */
public final class RouteBuckets {

  /** The sources of an aggregation by target type and task key. */
  public static final List<Map<String, CompositeAggregationSource>> BY_ROUTE =
      List.of(source("type", "target.type"), source("key", "key"));

  private RouteBuckets() {}

  public static Map<String, CompositeAggregationSource> source(String name, String field) {
    return Map.of(name, CompositeAggregationSource.of(s -> s.terms(t -> t.field(field))));
  }

  /** Returns the route of a bucket of an aggregation {@link #BY_ROUTE}. */
  public static Route route(CompositeBucket bucket) {
    String wire = text(bucket, "type");
    TargetType type =
        Stream.of(TargetType.values()).filter(t -> t.wire().equals(wire)).findFirst().orElseThrow();
    return new Route(type, new TaskKey(text(bucket, "key")));
  }

  /** Returns the key of the bucket of a route and worker protocol, to continue after it. */
  public static Map<String, FieldValue> after(Route route, String protocol) {
    return Map.of(
        "type",
        FieldValue.of(route.type().wire()),
        "key",
        FieldValue.of(route.key().value()),
        "courier",
        FieldValue.of(protocol));
  }

  public static String text(CompositeBucket bucket, String name) {
    return named(bucket.key(), name).stringValue();
  }

  /** Returns the buckets of an aggregation by the values of a keyword field. */
  static List<StringTermsBucket> terms(Map<String, Aggregate> all, String name) {
    return named(all, name).sterms().buckets().array();
  }

  /** Returns the value with a name that the request has set. */
  public static <T> T named(Map<String, T> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }
}
