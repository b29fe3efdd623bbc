package dev.docket.task;

import dev.docket.document.Creator;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.Target;
import dev.docket.http.idempotency.CreationKey;
import dev.docket.store.ImmutableJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a task is, as opposed to where it stands. Never changes.
 *
 * @param document a copy, so that neither a message nor a search needs a second read
 * @param priority 0 to 10, larger first
 * @param protocol how the task reaches its workers, see {@link Policy#protocol()}
 * @param timeout how long a run may take; null: the key's policy
 * @param leaseSeconds how long a worker may be silent; null: the key's policy
 * @param callback who wants to be told of the end, free-form
 * @param submittedBy the name of the principal who submitted it
 * @param meta free-form, for dialects and clients
 * @param creationKey by which who submitted it knows it again; shown to nobody
 */
public record TaskSpec(
    DocumentCopy document,
    TaskKey key,
    Map<String, @Nullable Object> args,
    int priority,
    List<String> tags,
    String protocol,
    @Nullable Duration timeout,
    @Nullable Integer leaseSeconds,
    @Nullable Retry retry,
    OnDependencyFailure onDependencyFailure,
    Map<String, @Nullable Object> callback,
    String submittedBy,
    Map<String, @Nullable Object> meta,
    @Nullable CreationKey creationKey) {

  public TaskSpec {
    if (priority < 0 || priority > 10) {
      throw new IllegalArgumentException("priority: must be 0 to 10, was " + priority);
    }
    args = ImmutableJson.map(args);
    tags = List.copyOf(tags);
    callback = ImmutableJson.map(callback);
    meta = ImmutableJson.map(meta);
  }

  /** What a task keeps of its document. */
  public record DocumentCopy(
      DocumentId id, Target target, Creator creator, Instant createdAt, Instant updatedAt) {

    public static DocumentCopy of(Document document) {
      return new DocumentCopy(
          document.id(),
          document.target(),
          document.creator(),
          document.createdAt(),
          document.updatedAt());
    }
  }

  /** The same work with another key and other arguments: a dependency that has to be made. */
  public TaskSpec forDependency(
      TaskKey otherKey, Map<String, @Nullable Object> otherArgs, String otherCourier) {
    return new TaskSpec(
        document,
        otherKey,
        otherArgs,
        priority,
        tags,
        otherCourier,
        null,
        null,
        null,
        OnDependencyFailure.FAIL,
        Map.of(),
        submittedBy,
        Map.of(),
        null);
  }
}
