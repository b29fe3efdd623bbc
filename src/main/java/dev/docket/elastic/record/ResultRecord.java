package dev.docket.elastic.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.DocumentId;
import dev.docket.result.Result;
import dev.docket.result.ResultId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a result.
 *
 * @param payloadSearch the searchable copy of the payload
 */
record ResultRecord(
    ResultId id,
    TaskId taskId,
    DocumentId documentId,
    TaskKey key,
    @Nullable Map<String, String> generator,
    JsonNode payload,
    @Nullable Map<String, Object> payloadSearch,
    @Nullable List<String> files,
    int attempt,
    String run,
    Instant createdAt) {

  ResultRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(taskId, "task_id");
    Objects.requireNonNull(documentId, "document_id");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(createdAt, "created_at");
  }

  static ResultRecord of(Result result) {
    return new ResultRecord(
        result.id(),
        result.taskId(),
        result.documentId(),
        result.key(),
        OmitEmpty.asNull(result.generator()),
        result.payload(),
        SearchableCopy.of(result.payload()),
        OmitEmpty.asNull(result.files()),
        result.attempt(),
        result.run(),
        result.createdAt());
  }

  Result result() {
    return new Result(
        id,
        taskId,
        documentId,
        key,
        OmitEmpty.ifNull(generator),
        payload,
        OmitEmpty.ifNull(files),
        attempt,
        run,
        createdAt);
  }
}
