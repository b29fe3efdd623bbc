package dev.docket.search;

import dev.docket.auth.OwnerFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A search. Hits match all filters, ranges and words. Code builds one from {@link #everything}, as
 * in {@code everything().where("key", literal("ASR")).size(10)}.
 *
 * @param words words that must all occur in the text; null for no full-text search
 * @param size the maximum number of hits on a page
 * @param after the cursor of the page; null for the first page
 * @param facets the fields whose values are counted
 * @param fresh whether the search includes the latest writes, which takes longer
 * @param skip the number of hits to skip before the page; the cost grows with it, unlike that of a
 *     cursor
 * @param countAll whether the total must be exact even if it is large, which takes longer
 * @param owners whose records match
 */
public record SearchQuery(
    List<Filter> filters,
    List<Range> ranges,
    @Nullable String words,
    Sort sort,
    int size,
    @Nullable Cursor after,
    List<String> facets,
    boolean fresh,
    long skip,
    boolean countAll,
    OwnerFilter owners) {

  /** The maximum page size. */
  public static final int MAX_SIZE = 1_000;

  /** The default page size. */
  public static final int DEFAULT_SIZE = 50;

  /** The default order. */
  public static final Sort NEWEST_FIRST = new Sort("created_at", true);

  private static final SearchQuery EVERYTHING =
      new SearchQuery(
          List.of(),
          List.of(),
          null,
          NEWEST_FIRST,
          DEFAULT_SIZE,
          null,
          List.of(),
          false,
          0,
          false,
          OwnerFilter.ALL);

  public SearchQuery {
    filters = List.copyOf(filters);
    ranges = List.copyOf(ranges);
    facets = List.copyOf(facets);
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size: must be 1 to " + MAX_SIZE + " (was " + size + ")");
    }
    if (skip < 0) {
      throw new IllegalArgumentException("skip: must not be negative (was " + skip + ")");
    }
  }

  /** Matches records whose field has one of the values. */
  public record Filter(String field, List<TextPattern> values) {
    public Filter {
      values = List.copyOf(values);
    }
  }

  /**
   * Matches records whose time is in a half-open range.
   *
   * @param from the start, inclusive; null for no lower bound
   * @param to the end, exclusive; null for no upper bound
   */
  public record Range(String field, @Nullable Instant from, @Nullable Instant to) {}

  /** An order. Records without the field come last, and ties are sorted by id. */
  public record Sort(String field, boolean descending) {
    @Override
    public String toString() {
      return (descending ? "-" : "") + field;
    }
  }

  /** Returns a search for all records, the newest first, with the default page size. */
  public static SearchQuery everything() {
    return EVERYTHING;
  }

  /** Adds a filter: the field has one of these values. Without values, nothing matches. */
  public SearchQuery where(String field, TextPattern... anyOf) {
    return where(field, List.of(anyOf));
  }

  /** Adds a filter: the field has one of these values. Without values, nothing matches. */
  public SearchQuery where(String field, List<TextPattern> anyOf) {
    List<Filter> all = with(filters, new Filter(field, anyOf));
    return new SearchQuery(
        all, ranges, words, sort, size, after, facets, fresh, skip, countAll, owners);
  }

  /** Adds a range of times. */
  public SearchQuery between(String field, @Nullable Instant from, @Nullable Instant to) {
    List<Range> all = with(ranges, new Range(field, from, to));
    return new SearchQuery(
        filters, all, words, sort, size, after, facets, fresh, skip, countAll, owners);
  }

  /** Sets the words of the full-text search. */
  public SearchQuery words(@Nullable String newWords) {
    return new SearchQuery(
        filters, ranges, newWords, sort, size, after, facets, fresh, skip, countAll, owners);
  }

  /** Sets the order. */
  public SearchQuery sorted(Sort newSort) {
    return new SearchQuery(
        filters, ranges, words, newSort, size, after, facets, fresh, skip, countAll, owners);
  }

  /** Sets the page size. */
  public SearchQuery size(int newSize) {
    return new SearchQuery(
        filters, ranges, words, sort, newSize, after, facets, fresh, skip, countAll, owners);
  }

  /** Sets the cursor of the page. */
  public SearchQuery after(@Nullable Cursor cursor) {
    return new SearchQuery(
        filters, ranges, words, sort, size, cursor, facets, fresh, skip, countAll, owners);
  }

  /** Sets the fields whose values are counted. */
  public SearchQuery facets(String... fields) {
    return new SearchQuery(
        filters, ranges, words, sort, size, after, List.of(fields), fresh, skip, countAll, owners);
  }

  /** Sets whether the search includes the latest writes. */
  public SearchQuery fresh(boolean newFresh) {
    return new SearchQuery(
        filters, ranges, words, sort, size, after, facets, newFresh, skip, countAll, owners);
  }

  /** Sets the number of hits to skip. */
  public SearchQuery skip(long count) {
    return new SearchQuery(
        filters, ranges, words, sort, size, after, facets, fresh, count, countAll, owners);
  }

  /** Sets whether the total must be exact. */
  public SearchQuery countAll(boolean newCountAll) {
    return new SearchQuery(
        filters, ranges, words, sort, size, after, facets, fresh, skip, newCountAll, owners);
  }

  /** Sets whose records match. */
  public SearchQuery of(OwnerFilter newOwners) {
    return new SearchQuery(
        filters, ranges, words, sort, size, after, facets, fresh, skip, countAll, newOwners);
  }

  private static <E> List<E> with(List<E> list, E element) {
    List<E> extended = new ArrayList<>(list);
    extended.add(element);
    return extended;
  }
}
