package dev.docket.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Owner;
import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result as readers see it.
 *
 * @param payload a {@code JsonNode} or a {@link StoredPayload}; null if only its address is shown
 * @param payloadBytes the size of a payload that is not in the record, as JSON in UTF-8
 * @param payloadUrl the address of a payload that is not shown
 * @param latest whether the result belongs to the latest successful run that left results
 */
public record ResultView(
    ResultId id,
    TaskId taskId,
    DocumentId documentId,
    TaskKey key,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TargetPart target,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CreatorPart creator,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Owner owner,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> generator,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Object payload,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long payloadBytes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String payloadUrl,
    int attempt,
    boolean latest,
    Instant createdAt) {

  /** The target of the document. */
  public record TargetPart(String id, TargetType type) {}

  /** The creator of the document. */
  public record CreatorPart(String id) {}

  static ResultView of(Result result, @Nullable Object payload, @Nullable String payloadUrl) {
    Result.Origin origin = result.origin();
    return new ResultView(
        result.id(),
        result.taskId(),
        result.documentId(),
        result.key(),
        origin == null ? null : new TargetPart(origin.targetId(), origin.targetType()),
        origin == null ? null : new CreatorPart(origin.creatorId()),
        result.owner().orNull(),
        result.generator(),
        payload,
        result.payloadBytes(),
        payloadUrl,
        result.attempt(),
        result.latest(),
        result.createdAt());
  }
}
