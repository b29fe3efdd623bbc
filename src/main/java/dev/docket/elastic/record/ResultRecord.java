package dev.docket.elastic.record;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Owner;
import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.result.Result;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a result.
 *
 * @param payloadSearch the searchable copy of the payload
 * @param visible null in records of earlier releases, and then true
 * @param latest null in records of earlier releases, and then true
 */
@JsonIgnoreProperties("files") // in records of earlier releases
record ResultRecord(
    ResultId id,
    TaskId taskId,
    DocumentId documentId,
    TaskKey key,
    @Nullable TargetPart target,
    @Nullable CreatorPart creator,
    @Nullable Owner owner,
    @Nullable Map<String, String> generator,
    @Nullable Map<String, Object> generatorSearch,
    @Nullable JsonNode payload,
    @Nullable Long payloadBytes,
    @Nullable Map<String, Object> payloadSearch,
    int attempt,
    String run,
    @Nullable Boolean visible,
    @Nullable Boolean latest,
    Instant createdAt) {

  /** The searchable part of the target. */
  record TargetPart(String id, TargetType type) {}

  /** The searchable part of the creator. */
  record CreatorPart(String id) {}

  ResultRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(taskId, "task_id");
    Objects.requireNonNull(documentId, "document_id");
    Objects.requireNonNull(key, "key");
    if ((payload == null) == (payloadBytes == null)) {
      throw new IllegalArgumentException("a result has either a payload or its size");
    }
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(createdAt, "created_at");
  }

  /**
   * The record of a result.
   *
   * @param searched the payload for the searchable copy; null if it is not searchable
   */
  static ResultRecord of(Result result, @Nullable JsonNode searched) {
    Result.Origin origin = result.origin();
    return new ResultRecord(
        result.id(),
        result.taskId(),
        result.documentId(),
        result.key(),
        origin == null ? null : new TargetPart(origin.targetId(), origin.targetType()),
        origin == null ? null : new CreatorPart(origin.creatorId()),
        result.owner().orNull(),
        OmitEmpty.asNull(result.generator()),
        SearchableCopy.of(Map.copyOf(result.generator())),
        result.payload(),
        result.payloadBytes(),
        searched == null ? null : SearchableCopy.of(searched),
        result.attempt(),
        result.run(),
        result.visible(),
        result.latest(),
        result.createdAt());
  }

  Result result() {
    return new Result(
        id,
        taskId,
        documentId,
        key,
        target == null || creator == null
            ? null
            : new Result.Origin(target.id(), target.type(), creator.id(), Owner.ofNullable(owner)),
        OmitEmpty.ifNull(generator),
        payload,
        payloadBytes,
        attempt,
        run,
        visible == null || visible,
        latest == null || latest,
        createdAt);
  }
}
