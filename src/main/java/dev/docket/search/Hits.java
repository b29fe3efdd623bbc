package dev.docket.search;

import java.util.List;
import java.util.function.Function;

/**
 * Everything that a search finds, as of the moment when it was begun, read page by page: memory
 * holds one page. Whoever has it closes it, or the store keeps that moment for minutes. For one
 * thread.
 */
public interface Hits<T> extends AutoCloseable {

  /**
   * The next page; empty at the end, and ever after. Blocks. Whoever takes minutes between two
   * pages may find that the store has forgotten the moment.
   *
   * @throws dev.docket.store.StoreUnavailable if the store cannot be searched now
   */
  List<T> next();

  /** Lets go of it; may be called again. Does not fail. */
  @Override
  void close();

  /** The same hits as something else. */
  default <R> Hits<R> map(Function<T, R> change) {
    Hits<T> whole = this;
    return new Hits<>() {
      @Override
      public List<R> next() {
        return whole.next().stream().map(change).toList();
      }

      @Override
      public void close() {
        whole.close();
      }
    };
  }
}
