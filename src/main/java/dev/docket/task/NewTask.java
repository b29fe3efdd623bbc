package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Caller;
import dev.docket.document.DocumentId;
import dev.docket.document.MaxJsonBytes;
import dev.docket.http.idempotency.CreationKey;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * A request for a task on one or more documents.
 *
 * @param documentId one id or an array of ids; each document gets its own task
 * @param args the arguments for the worker, up to 256 KiB of JSON
 * @param priority 0 to 10, larger first; the default is 1, as in DANE
 * @param protocol the worker protocol of all runs; by default, each run has that of the key
 * @param timeout the time limit of a run, in ISO 8601
 * @param leaseSeconds how long the worker may send no heartbeat
 * @param dependsOn tasks that must succeed first: keys on the same document, which are created if
 *     they are missing, or ids of existing tasks
 * @param dueAt the task is not dispatched before this time
 * @param repeatable whether the document may have several tasks of this key
 */
public record NewTask(
    @NotNull DocumentIds documentId,
    @NotNull TaskKey key,
    @MaxJsonBytes @Nullable Map<String, @Nullable Object> args,
    @Min(0) @Max(10) @Nullable Integer priority,
    @Size(max = 50, message = "must have at most 50 items")
        @Nullable
            List<
                @NotNull @Size(min = 1, max = 256, message = "must be 1 to 256 characters long")
                String>
            tags,
    @JsonProperty("courier") @Nullable String protocol,
    @DurationMin(seconds = 1, message = "must be at least 1 second")
        @DurationMax(days = 365, message = "must be at most 365 days")
        @Nullable Duration timeout,
    @Min(5) @Max(3600) @Nullable Integer leaseSeconds,
    @Valid @Nullable Retry retry,
    @MaxJsonBytes(max = 65_536) @Nullable Map<String, @Nullable Object> meta,
    @Size(max = 1000, message = "must have at most 1000 items")
        @Nullable List<@NotNull @Valid NeededTask> dependsOn,
    @Nullable OnDependencyFailure onDependencyFailure,
    @Nullable Instant dueAt,
    @Nullable Boolean repeatable) {

  /** The specification of the task on one of the documents. */
  TaskSpec spec(
      TaskSpec.DocumentCopy document, Caller submitter, @Nullable CreationKey creationKey) {
    return new TaskSpec(
        document,
        key,
        args == null ? Map.of() : args,
        priority == null ? TaskSpec.DEFAULT_PRIORITY : priority,
        tags == null ? List.of() : tags,
        protocol,
        timeout,
        leaseSeconds,
        retry,
        onDependencyFailure == null ? OnDependencyFailure.FAIL : onDependencyFailure,
        submitter.name(),
        submitter.owner(),
        meta == null ? Map.of() : meta,
        creationKey);
  }

  /** A request for a task of one document, with defaults for everything else. */
  public static NewTask of(
      TaskKey key,
      DocumentId document,
      @Nullable Map<String, @Nullable Object> args,
      @Nullable Integer priority) {
    return new NewTask(
        new DocumentIds(false, List.of(document)),
        key,
        args,
        priority,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same request with other arguments. */
  NewTask with(
      Map<String, @Nullable Object> otherArgs, @Nullable List<NeededTask> otherDependencies) {
    return new NewTask(
        documentId,
        key,
        otherArgs,
        priority,
        tags,
        protocol,
        timeout,
        leaseSeconds,
        retry,
        meta,
        otherDependencies,
        onDependencyFailure,
        dueAt,
        repeatable);
  }

  /** The same request for one of its documents. */
  NewTask forDocument(DocumentId document) {
    return new NewTask(
        new DocumentIds(false, List.of(document)),
        key,
        args,
        priority,
        tags,
        protocol,
        timeout,
        leaseSeconds,
        retry,
        meta,
        dependsOn,
        onDependencyFailure,
        dueAt,
        repeatable);
  }

  /** One document id, or an array of them. */
  public record DocumentIds(boolean many, List<DocumentId> ids) {

    /** The maximum number of documents in one request. */
    static final int MAX_DOCUMENTS = 10_000;

    public DocumentIds {
      ids = List.copyOf(ids);
    }

    /**
     * Reads a string or an array of strings.
     *
     * @throws IllegalArgumentException if the value is not allowed; the message says what is
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static DocumentIds of(JsonNode node) {
      if (!node.isArray()) {
        return new DocumentIds(false, List.of(id(node)));
      }
      if (node.isEmpty() || node.size() > MAX_DOCUMENTS) {
        throw new IllegalArgumentException("must have 1 to " + MAX_DOCUMENTS + " items");
      }
      List<DocumentId> ids = new ArrayList<>(node.size());
      node.forEach(item -> ids.add(id(item)));
      return new DocumentIds(true, ids);
    }

    private static DocumentId id(JsonNode node) {
      if (!node.isTextual()) {
        throw new IllegalArgumentException("must be a document id or an array of document ids");
      }
      return new DocumentId(node.textValue());
    }
  }

  /**
   * A task that must succeed first: one of the same document by its key (a string, or an object
   * with {@code key} and {@code args}), or any task by its {@code id}.
   */
  public record NeededTask(
      @Nullable TaskKey key,
      @MaxJsonBytes @Nullable Map<String, @Nullable Object> args,
      @Nullable TaskId id) {

    /** Reads the short form, a key. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static NeededTask ofKey(String key) {
      return new NeededTask(new TaskKey(key), null, null);
    }

    /** Reads the long form, an object. */
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public static NeededTask of(
        @JsonProperty("key") @Nullable TaskKey key,
        @JsonProperty("args") @Nullable Map<String, @Nullable Object> args,
        @JsonProperty("id") @Nullable TaskId id) {
      if ((key == null) == (id == null)) {
        throw new IllegalArgumentException("must have either a key or an id");
      }
      return new NeededTask(key, args, id);
    }
  }
}
