package dev.docket.task;

import dev.docket.auth.Owner;
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
 * The part of a task that never changes, except that the copy of the document becomes the current
 * one when a run is handed out.
 *
 * @param document a copy of the document, so that neither messages nor searches need a second read
 * @param priority 0 to 10, larger first
 * @param protocol the worker protocol of all runs; null if each run has that of the key when it
 *     starts
 * @param timeout the time limit of a run; null for that of the key's policy
 * @param leaseSeconds how long a worker may send no heartbeat; null for the key's policy
 * @param submittedBy the name of the principal that submitted the task
 * @param owner the owner of the task and its results; {@link Owner#NOBODY} in records of releases
 *     without owners
 * @param meta free-form, for dialects and clients
 * @param creationKey identifies the request that created the task; shown to no reader
 */
public record TaskSpec(
    DocumentCopy document,
    TaskKey key,
    Map<String, @Nullable Object> args,
    int priority,
    List<String> tags,
    @Nullable String protocol,
    @Nullable Duration timeout,
    @Nullable Integer leaseSeconds,
    @Nullable Retry retry,
    OnDependencyFailure onDependencyFailure,
    String submittedBy,
    Owner owner,
    Map<String, @Nullable Object> meta,
    @Nullable CreationKey creationKey) {

  /** As in DANE. */
  static final int DEFAULT_PRIORITY = 1;

  public TaskSpec {
    if (priority < 0 || priority > 10) {
      throw new IllegalArgumentException(
          "priority must be between 0 and 10 (was " + priority + ")");
    }
    args = ImmutableJson.map(args);
    tags = List.copyOf(tags);
    meta = ImmutableJson.map(meta);
  }

  /**
   * Starts the specification of a task without arguments, with the default priority.
   *
   * @param protocol the worker protocol of all runs; null for that of the key
   * @param submittedBy the name of the principal that submits the task
   */
  public static Builder builder(
      DocumentCopy document, TaskKey key, @Nullable String protocol, String submittedBy) {
    return new Builder(document, key, protocol, submittedBy);
  }

  /** A copy with another copy of the document. */
  public TaskSpec with(DocumentCopy current) {
    return new TaskSpec(
        current,
        key,
        args,
        priority,
        tags,
        protocol,
        timeout,
        leaseSeconds,
        retry,
        onDependencyFailure,
        submittedBy,
        owner,
        meta,
        creationKey);
  }

  /**
   * The parts of a document that a task copies.
   *
   * @param createdAt identifies the document among those that have had this id; never changes
   * @param version the version of the document that the task's latest run was handed out with
   */
  public record DocumentCopy(
      DocumentId id,
      Target target,
      Creator creator,
      Instant createdAt,
      Instant updatedAt,
      int version) {

    /** Whether the other copy is of a later version of the same document. */
    public boolean isOlderThan(DocumentCopy other) {
      return createdAt.equals(other.createdAt) && version < other.version;
    }

    public static DocumentCopy of(Document document) {
      return new DocumentCopy(
          document.id(),
          document.target(),
          document.creator(),
          document.createdAt(),
          document.updatedAt(),
          document.version());
    }
  }

  /**
   * The specification of a dependency that has to be created: same document, other key and args.
   */
  public TaskSpec forDependency(
      TaskKey dependencyKey, Map<String, @Nullable Object> dependencyArgs) {
    return builder(document, dependencyKey, null, submittedBy)
        .owner(owner)
        .args(dependencyArgs)
        .priority(priority)
        .tags(tags)
        .build();
  }

  /** Builds a specification with what the callers in the server set. */
  public static final class Builder {
    private final DocumentCopy document;
    private final TaskKey key;
    private final @Nullable String protocol;
    private final String submittedBy;
    private Owner owner = Owner.NOBODY;
    private Map<String, @Nullable Object> args = Map.of();
    private int priority = DEFAULT_PRIORITY;
    private List<String> tags = List.of();
    private OnDependencyFailure onDependencyFailure = OnDependencyFailure.FAIL;
    private Map<String, @Nullable Object> meta = Map.of();

    private Builder(
        DocumentCopy document, TaskKey key, @Nullable String protocol, String submittedBy) {
      this.document = document;
      this.key = key;
      this.protocol = protocol;
      this.submittedBy = submittedBy;
    }

    public Builder owner(Owner owner) {
      this.owner = owner;
      return this;
    }

    public Builder args(Map<String, @Nullable Object> args) {
      this.args = args;
      return this;
    }

    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    public Builder tags(List<String> tags) {
      this.tags = tags;
      return this;
    }

    public Builder onDependencyFailure(OnDependencyFailure onDependencyFailure) {
      this.onDependencyFailure = onDependencyFailure;
      return this;
    }

    public Builder meta(Map<String, @Nullable Object> meta) {
      this.meta = meta;
      return this;
    }

    public TaskSpec build() {
      return new TaskSpec(
          document,
          key,
          args,
          priority,
          tags,
          protocol,
          null,
          null,
          null,
          onDependencyFailure,
          submittedBy,
          owner,
          meta,
          null);
    }
  }
}
