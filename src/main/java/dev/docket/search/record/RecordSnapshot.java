package dev.docket.search.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records as of one moment. All calls block, and fail with {@link
 * dev.docket.store.StoreUnavailable} if the store does not respond, with {@link SnapshotExpired},
 * or with {@link dev.docket.http.InvalidRequest} if the store rejects the search. Not thread-safe.
 */
public interface RecordSnapshot extends AutoCloseable {

  /** Identifies the snapshot for {@link RecordQueries#reopen}; each search may change it. */
  String id();

  /** The exact number of records. */
  long count(RecordSelection selection);

  /**
   * Reads a page in the order of creation, then of ids.
   *
   * @param after where to continue; null for the start
   * @param size the maximum number of records
   */
  RecordPage page(RecordSelection selection, RecordPage.@Nullable Position after, int size);

  /**
   * Skips records in the same order. Returns the position of the last record skipped, or null if no
   * record is left after them.
   */
  RecordPage.@Nullable Position skip(RecordSelection selection, long count);

  /**
   * The distinct values of a field of the records of a kind.
   *
   * @throws dev.docket.http.InvalidRequest naming the limit if there are more than {@link
   *     RecordQueries#MAX_VALUES}
   */
  List<String> values(SearchedKind kind, Condition condition, String field);

  /** Gives up the snapshot. Never fails: one that cannot be closed expires. */
  @Override
  void close();

  /** Gives up the snapshot, and returns whether it still existed. */
  boolean release();
}
