package dev.docket.elastic.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.result.Result;
import org.jspecify.annotations.Nullable;

/**
 * A result to be written, with the payload that searches find it by.
 *
 * @param searched null if the result contains its payload, or is not searchable by it; always null
 *     after reading
 */
public record SearchedResult(Result result, @Nullable JsonNode searched) {

  ResultRecord asRecord() {
    return ResultRecord.of(result, searched == null ? result.payload() : searched);
  }
}
