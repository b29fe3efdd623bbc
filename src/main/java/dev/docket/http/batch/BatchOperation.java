package dev.docket.http.batch;

import dev.docket.http.Problem;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The operation that a batch applies to each of its items. */
@FunctionalInterface
public interface BatchOperation {

  /**
   * Starts the operation on an item.
   *
   * @return the views of the created records: one, or several if the item is a task for several
   *     documents. Each may fail with a {@link Problem}
   * @throws Problem if the item is invalid
   */
  List<? extends CompletionStage<?>> start(BatchItem item);
}
