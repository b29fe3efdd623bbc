package dev.docket.search;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for. All filters, ranges and words must hold. In code it is put together from
 * {@link #everything}, as in {@code everything().where("key", literal("ASR")).size(10)}.
 *
 * @param words all of these must be in the text; null: whatever the text
 * @param size how many on a page
 * @param after the last place of the page before; null for the first page
 * @param facets of which fields the values are counted
 * @param fresh whether what was just written must be found too, which takes longer
 * @param skip how many to pass over before the page; the cost grows with it, a cursor has none
 * @param countAll whether the total must be exact however large it is, which takes longer
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
    boolean countAll) {

  /** The largest page. */
  public static final int MAX_SIZE = 1_000;

  /** The page where no size is asked for. */
  public static final int DEFAULT_SIZE = 50;

  /** The order where none is asked for. */
  public static final Sort NEWEST_FIRST = new Sort("created_at", true);

  private static final SearchQuery EVERYTHING =
      new SearchQuery(
          List.of(), List.of(), null, NEWEST_FIRST, DEFAULT_SIZE, null, List.of(), false, 0, false);

  public SearchQuery {
    filters = List.copyOf(filters);
    ranges = List.copyOf(ranges);
    facets = List.copyOf(facets);
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size: must be 1 to " + MAX_SIZE + ", was " + size);
    }
    if (skip < 0) {
      throw new IllegalArgumentException("skip: must not be negative, was " + skip);
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

  /** The newest of all, in pages of the usual size. */
  public static SearchQuery everything() {
    return EVERYTHING;
  }

  /** This, and the field has one of these values; none: nothing is found. */
  public SearchQuery where(String field, TextPattern... anyOf) {
    return where(field, List.of(anyOf));
  }

  /** This, and the field has one of these values; none: nothing is found. */
  public SearchQuery where(String field, List<TextPattern> anyOf) {
    return new SearchQuery(
        with(filters, new Filter(field, anyOf)),
        ranges,
        words,
        sort,
        size,
        after,
        facets,
        fresh,
        skip,
        countAll);
  }

  /** This, and the time is in the range. */
  public SearchQuery between(String field, @Nullable Instant from, @Nullable Instant to) {
    return new SearchQuery(
        filters,
        with(ranges, new Range(field, from, to)),
        words,
        sort,
        size,
        after,
        facets,
        fresh,
        skip,
        countAll);
  }

  /** This with these words. */
  public SearchQuery words(@Nullable String all) {
    return new SearchQuery(filters, ranges, all, sort, size, after, facets, fresh, skip, countAll);
  }

  /** This in another order. */
  public SearchQuery sorted(Sort order) {
    return new SearchQuery(
        filters, ranges, words, order, size, after, facets, fresh, skip, countAll);
  }

  /** This with so many on a page. */
  public SearchQuery size(int most) {
    return new SearchQuery(
        filters, ranges, words, sort, most, after, facets, fresh, skip, countAll);
  }

  /** This, but the page after that place. */
  public SearchQuery after(@Nullable Cursor place) {
    return new SearchQuery(
        filters, ranges, words, sort, size, place, facets, fresh, skip, countAll);
  }

  /** This, and the values of these fields are counted. */
  public SearchQuery counting(String... fields) {
    return new SearchQuery(
        filters, ranges, words, sort, size, after, List.of(fields), fresh, skip, countAll);
  }

  /** This, and what was just written is found too. */
  public SearchQuery freshly() {
    return freshly(true);
  }

  SearchQuery freshly(boolean refreshed) {
    return new SearchQuery(
        filters, ranges, words, sort, size, after, facets, refreshed, skip, countAll);
  }

  /** This without the first so many. */
  public SearchQuery skip(long many) {
    return new SearchQuery(
        filters, ranges, words, sort, size, after, facets, fresh, many, countAll);
  }

  /** This with an exact total. */
  public SearchQuery countingAll() {
    return new SearchQuery(filters, ranges, words, sort, size, after, facets, fresh, skip, true);
  }

  private static <E> List<E> with(List<E> some, E more) {
    List<E> all = new ArrayList<>(some);
    all.add(more);
    return all;
  }
}
