package dev.docket.search;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for. All filters, ranges and words must hold.
 *
 * @param words all of these must be in the text; null: whatever the text
 * @param size how many on a page
 * @param after the last place of the page before; null for the first page
 * @param facets of which fields the values are counted
 * @param fresh whether what was just written must be found too, which takes longer
 */
public record SearchQuery(
    List<Filter> filters,
    List<Range> ranges,
    @Nullable String words,
    Sort sort,
    int size,
    @Nullable Cursor after,
    List<String> facets,
    boolean fresh) {

  /** The largest page. */
  public static final int MOST = 1_000;

  public SearchQuery {
    filters = List.copyOf(filters);
    ranges = List.copyOf(ranges);
    facets = List.copyOf(facets);
    if (size < 1 || size > MOST) {
      throw new IllegalArgumentException("size: must be 1 to " + MOST + ", was " + size);
    }
  }

  /** The field has one of these values. */
  public record Filter(String field, List<TextPattern> values) {
    public Filter {
      values = List.copyOf(values);
    }
  }

  /**
   * The time is not before {@code from}, and is before {@code to}.
   *
   * @param from null: however early
   * @param to null: however late
   */
  public record Range(String field, @Nullable Instant from, @Nullable Instant to) {}

  /** The order; what has no such field comes last, what is equal goes by id. */
  public record Sort(String field, boolean descending) {
    @Override
    public String toString() {
      return (descending ? "-" : "") + field;
    }
  }
}
