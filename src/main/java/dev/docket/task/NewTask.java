package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.DocumentId;
import dev.docket.document.MaxJsonBytes;
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
 * What an archivist asks to be done.
 *
 * @param documentId one id or an array of ids; each gets a task of its own
 * @param args what its worker is to know, up to 256 KiB as JSON
 * @param priority 0 to 10, larger first; 1 where nothing is said, as in DANE
 * @param protocol how it reaches its workers; the key's own where nothing is said
 * @param timeout how long a run may take, in ISO 8601
 * @param leaseSeconds how long its worker may be silent
 * @param dependsOn what must have succeeded before: keys on the same document, which are made if
 *     they are missing, or ids of tasks that exist
 * @param dueAt not to be dispatched before this
 * @param repeatable whether the document may have several tasks of this key
 */
public record NewTask(
    @NotNull DocumentIds documentId,
    @NotNull TaskKey key,
    @MaxJsonBytes @Nullable Map<String, @Nullable Object> args,
    @Min(0) @Max(10) @Nullable Integer priority,
    @Size(max = 50, message = "must be at most 50")
        @Nullable
            List<@NotNull @Size(min = 1, max = 256, message = "must be 1 to 256 characters") String>
            tags,
    @JsonProperty("courier") @Nullable String protocol,
    @DurationMin(seconds = 1, message = "must be a second or more")
        @DurationMax(days = 365, message = "must be at most 365 days")
        @Nullable Duration timeout,
    @Min(5) @Max(3600) @Nullable Integer leaseSeconds,
    @Valid @Nullable Retry retry,
    @MaxJsonBytes(max = 65_536) @Nullable Map<String, @Nullable Object> meta,
    @Size(max = 1000, message = "must be at most 1000")
        @Nullable List<@NotNull @Valid Needed> dependsOn,
    @Nullable OnDependencyFailure onDependencyFailure,
    @Nullable Instant dueAt,
    @Nullable Boolean repeatable) {

  /** What is asked of one of the documents. */
  NewTask on(DocumentId document) {
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

  /** One document, or several. */
  public record DocumentIds(boolean many, List<DocumentId> ids) {

    /** The most documents in one submission. */
    static final int MAX_DOCUMENTS = 10_000;

    public DocumentIds {
      ids = List.copyOf(ids);
    }

    /**
     * Reads a text or an array of texts.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static DocumentIds of(JsonNode node) {
      if (!node.isArray()) {
        return new DocumentIds(false, List.of(id(node)));
      }
      if (node.isEmpty() || node.size() > MAX_DOCUMENTS) {
        throw new IllegalArgumentException("must be 1 to " + MAX_DOCUMENTS + " ids");
      }
      List<DocumentId> ids = new ArrayList<>(node.size());
      node.forEach(item -> ids.add(id(item)));
      return new DocumentIds(true, ids);
    }

    private static DocumentId id(JsonNode node) {
      if (!node.isTextual()) {
        throw new IllegalArgumentException("must be a document's id or an array of ids");
      }
      return new DocumentId(node.textValue());
    }
  }

  /**
   * Something that must have succeeded before: a task of the same document by its key (a text, or
   * an object with {@code key} and {@code args}), or a task by its {@code id}.
   */
  public record Needed(
      @Nullable TaskKey key,
      @MaxJsonBytes @Nullable Map<String, @Nullable Object> args,
      @Nullable TaskId id) {

    /** A key alone. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Needed ofKey(String key) {
      return new Needed(new TaskKey(key), null, null);
    }

    /** The long form. */
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public static Needed of(
        @JsonProperty("key") @Nullable TaskKey key,
        @JsonProperty("args") @Nullable Map<String, @Nullable Object> args,
        @JsonProperty("id") @Nullable TaskId id) {
      if ((key == null) == (id == null)) {
        throw new IllegalArgumentException("must have a key or an id, and not both");
      }
      return new Needed(key, args, id);
    }
  }
}
