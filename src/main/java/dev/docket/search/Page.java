package dev.docket.search;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of hits.
 *
 * @param next the cursor of the next page; null on the last page
 * @param facets for each requested field its most frequent values, at most 100, the most frequent
 *     first
 * @param total the number of hits on all pages, or their minimum number
 * @param exact whether {@code total} is the exact number
 */
public record Page<T>(
    List<T> hits,
    @Nullable Cursor next,
    Map<String, List<Count>> facets,
    long total,
    boolean exact) {

  public Page {
    hits = List.copyOf(hits);
  }

  /** A value with the number of its hits. */
  public record Count(String value, long count) {}

  /** Returns this page with a function applied to its hits. */
  public <R> Page<R> mapAll(Function<List<T>, List<R>> mapper) {
    return new Page<>(mapper.apply(hits), next, facets, total, exact);
  }

  /** Returns this page with a function applied to each hit. */
  public <R> Page<R> map(Function<T, R> mapper) {
    return new Page<>(hits.stream().map(mapper).toList(), next, facets, total, exact);
  }
}
