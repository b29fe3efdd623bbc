package dev.docket.maintenance;

import dev.docket.result.Result;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds results by the time of their creation. */
public interface ResultsByAge {

  /**
   * Finds results that were created before this time, the earliest first. Blocks; lags by the
   * refresh interval.
   *
   * @param after the last result of the previous page; null for the first page
   */
  List<Result> createdBefore(Instant time, @Nullable Result after, int limit);
}
