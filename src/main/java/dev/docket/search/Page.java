package dev.docket.search;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of what was found.
 *
 * @param next where the next page begins; null: this is the last one
 * @param facets for each field that was asked for its most frequent values, at most 100, the most
 *     frequent first
 * @param total how many are found on all pages; where there are very many, how many at least
 * @param exact whether {@code total} is their number
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

  /** How often a value is there. */
  public record Count(String value, long count) {}

  /** The same page of something else. */
  public <R> Page<R> map(Function<T, R> change) {
    return new Page<>(hits.stream().map(change).toList(), next, facets, total, exact);
  }
}
