package dev.docket.search;

import java.util.List;
import java.util.function.Function;

/**
 * All hits of a search as of its start, read page by page, so that memory holds one page. The
 * caller must close it; otherwise the store keeps the point in time for minutes. Not thread-safe.
 */
public interface Hits<T> extends AutoCloseable {

  /**
   * Returns the next page; empty after the last one. Blocks. The point in time expires if the
   * caller waits for minutes between two pages.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  List<T> next();

  /** Releases the point in time. Idempotent; does not fail. */
  @Override
  void close();

  /** Returns these hits with a function applied to each. */
  default <R> Hits<R> map(Function<T, R> mapper) {
    return mapAll(Integer.MAX_VALUE, hits -> hits.stream().map(mapper).toList());
  }

  /**
   * Returns these hits with a function applied to several at a time.
   *
   * @param pageSize the maximum number of hits on a page of the returned hits
   */
  default <R> Hits<R> mapAll(int pageSize, Function<List<T>, List<R>> mapper) {
    Hits<T> hits = this;
    return new Hits<>() {
      private List<T> remaining = List.of();

      @Override
      public List<R> next() {
        if (remaining.isEmpty()) {
          remaining = hits.next();
        }
        int count = Math.min(pageSize, remaining.size());
        List<T> page = remaining.subList(0, count);
        remaining = remaining.subList(count, remaining.size());
        return mapper.apply(page);
      }

      @Override
      public void close() {
        hits.close();
      }
    };
  }
}
