package dev.docket.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.DocumentId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A result as readers see it. */
public record ResultView(
    ResultId id,
    TaskId taskId,
    DocumentId documentId,
    TaskKey key,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> generator,
    JsonNode payload,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> files,
    int attempt,
    Instant createdAt) {

  public static ResultView of(Result result) {
    return new ResultView(
        result.id(),
        result.taskId(),
        result.documentId(),
        result.key(),
        result.generator(),
        result.payload(),
        result.files(),
        result.attempt(),
        result.createdAt());
  }
}
