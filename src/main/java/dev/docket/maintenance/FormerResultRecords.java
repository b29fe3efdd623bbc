package dev.docket.maintenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.result.Result;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The records of results that earlier releases wrote, without the fields that searches need. */
public interface FormerResultRecords {

  /**
   * Finds such records, in order of id. Blocks. Refreshes before the first page.
   *
   * @param after the last id of the previous page; null for the first page
   */
  List<Versioned<Result>> find(@Nullable ResultId after, int limit);

  /**
   * Replaces the record if its version is still the given one.
   *
   * @param searched the payload that searches find the result by; null if it is not searchable
   */
  CompletionStage<WriteOutcome> replace(Result result, @Nullable JsonNode searched, Version seen);

  /** Removes the record if its version is still the given one. */
  CompletionStage<WriteOutcome> remove(ResultId id, Version seen);
}
