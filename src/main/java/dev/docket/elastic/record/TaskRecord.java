package dev.docket.elastic.record;

import dev.docket.document.DocumentId;
import dev.docket.http.idempotency.CreationKey;
import dev.docket.task.Dependency;
import dev.docket.task.Lease;
import dev.docket.task.Move;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Retry;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.machine.PendingEffect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task as it lies in the store: flat. Its parts are written as they are; only what is indexed of
 * them, or apart from them, has a field of its own here.
 *
 * @param argsSearch what is searched of the arguments
 * @param message its beginning, which is searched
 * @param messageWhole all of it; null where the beginning is all
 * @param outboxDue when the first of the outbox is due
 */
record TaskRecord(
    TaskId id,
    DocumentId documentId,
    DocumentPart document,
    TaskKey key,
    @Nullable Map<String, @Nullable Object> args,
    @Nullable Map<String, Object> argsSearch,
    int priority,
    @Nullable List<String> tags,
    String courier,
    @Nullable Duration timeout,
    @Nullable Integer leaseSeconds,
    @Nullable Retry retry,
    OnDependencyFailure onDependencyFailure,
    @Nullable Map<String, @Nullable Object> callback,
    String submittedBy,
    @Nullable Map<String, @Nullable Object> meta,
    @Nullable CreationKey creationKey,
    TaskState state,
    String message,
    @Nullable String messageWhole,
    @Nullable Integer progress,
    @Nullable String stage,
    int attempt,
    String run,
    int failures,
    @Nullable Instant dueAt,
    @Nullable Instant dispatchedAt,
    @Nullable Lease lease,
    @Nullable Instant cancelRequestedAt,
    @Nullable Instant deletedAt,
    @Nullable Instant unansweredAfter,
    @Nullable RunResults results,
    int savedResults,
    @Nullable List<Dependency> dependsOn,
    boolean waitAny,
    @Nullable List<TaskId> dependents,
    boolean moreDependents,
    @Nullable List<PendingEffect> outbox,
    @Nullable Instant outboxDue,
    @Nullable List<Move> history,
    Instant createdAt,
    @Nullable Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Instant updatedAt,
    @Nullable Long queuedMs,
    @Nullable Long runMs) {

  /** In characters: 4 KiB where each is a byte. */
  static final int LONGEST_SEARCHED_MESSAGE = 4096;

  TaskRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(documentId, "document_id");
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(courier, "courier");
    Objects.requireNonNull(onDependencyFailure, "on_dependency_failure");
    Objects.requireNonNull(submittedBy, "submitted_by");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(createdAt, "created_at");
    Objects.requireNonNull(updatedAt, "updated_at");
  }

  /** What a task keeps of its document besides the id. */
  record DocumentPart(
      TargetRecord target, CreatorRecord creator, Instant createdAt, Instant updatedAt) {

    DocumentPart {
      Objects.requireNonNull(target, "document.target");
      Objects.requireNonNull(creator, "document.creator");
      Objects.requireNonNull(createdAt, "document.created_at");
      Objects.requireNonNull(updatedAt, "document.updated_at");
    }

    static DocumentPart of(TaskSpec.DocumentCopy document) {
      return new DocumentPart(
          TargetRecord.of(document.target()),
          CreatorRecord.of(document.creator()),
          document.createdAt(),
          document.updatedAt());
    }

    TaskSpec.DocumentCopy copy(DocumentId id) {
      return new TaskSpec.DocumentCopy(
          id, target.target(), creator.creator(), createdAt, updatedAt);
    }
  }

  static TaskRecord of(Task task) {
    TaskSpec spec = task.spec();
    String beginning = beginning(task.message());
    return new TaskRecord(
        task.id(),
        spec.document().id(),
        DocumentPart.of(spec.document()),
        spec.key(),
        Empty.asNull(spec.args()),
        SearchableCopy.of(spec.args()),
        spec.priority(),
        Empty.asNull(spec.tags()),
        spec.courier(),
        spec.timeout(),
        spec.leaseSeconds(),
        spec.retry(),
        spec.onDependencyFailure(),
        Empty.asNull(spec.callback()),
        spec.submittedBy(),
        Empty.asNull(spec.meta()),
        spec.creationKey(),
        task.state(),
        beginning,
        beginning.length() == task.message().length() ? null : task.message(),
        task.progress(),
        task.stage(),
        task.attempt(),
        task.run(),
        task.failures(),
        task.dueAt(),
        task.dispatchedAt(),
        task.lease(),
        task.cancelRequestedAt(),
        task.deletedAt(),
        task.unansweredAfter(),
        task.results(),
        task.saved(),
        Empty.asNull(task.dependsOn()),
        task.waitAny(),
        Empty.asNull(task.dependents()),
        task.moreDependents(),
        Empty.asNull(task.outbox()),
        task.outboxDue().orElse(null),
        Empty.asNull(task.history()),
        task.createdAt(),
        task.queuedAt(),
        task.startedAt(),
        task.finishedAt(),
        task.updatedAt(),
        task.queuedMs(),
        task.runMs());
  }

  private static String beginning(String message) {
    if (message.length() <= LONGEST_SEARCHED_MESSAGE) {
      return message;
    }
    boolean halfCharacter = Character.isHighSurrogate(message.charAt(LONGEST_SEARCHED_MESSAGE - 1));
    return message.substring(0, LONGEST_SEARCHED_MESSAGE - (halfCharacter ? 1 : 0));
  }

  Task task() {
    return new Task(
        id,
        new TaskSpec(
            document.copy(documentId),
            key,
            Empty.ifNull(args),
            priority,
            Empty.ifNull(tags),
            courier,
            timeout,
            leaseSeconds,
            retry,
            onDependencyFailure,
            Empty.ifNull(callback),
            submittedBy,
            Empty.ifNull(meta),
            creationKey),
        state,
        messageWhole == null ? message : messageWhole,
        progress,
        stage,
        attempt,
        run,
        failures,
        dueAt,
        dispatchedAt,
        lease,
        cancelRequestedAt,
        deletedAt,
        unansweredAfter,
        results,
        savedResults,
        Empty.ifNull(dependsOn),
        waitAny,
        Empty.ifNull(dependents),
        moreDependents,
        Empty.ifNull(outbox),
        Empty.ifNull(history),
        createdAt,
        queuedAt,
        startedAt,
        finishedAt,
        updatedAt,
        queuedMs,
        runMs);
  }
}
