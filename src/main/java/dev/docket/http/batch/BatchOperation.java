package dev.docket.http.batch;

import dev.docket.http.Problem;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What is done with an item of a batch. */
@FunctionalInterface
public interface BatchOperation {

  /**
   * Begins it.
   *
   * @return what will be shown of it, records: one, or several for a task of many documents. Each
   *     may fail with a {@link Problem}
   * @throws Problem if the item is not as it must be
   */
  List<? extends CompletionStage<?>> on(BatchItem item);
}
