package dev.docket.elastic.record;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Owner;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.http.idempotency.CreationKey;
import dev.docket.task.Admission;
import dev.docket.task.Dependency;
import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Retry;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import dev.docket.task.machine.PendingEffect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a task: a flat record. Nested values are written as they are; values that are
 * indexed separately have a field of their own.
 *
 * @param argsSearch the searchable copy of the arguments
 * @param protocol that of the current run
 * @param courierOfKey whether the next run has the protocol of the key; null if the task is pinned,
 *     as in records of earlier releases
 * @param message the searchable beginning of the message
 * @param messageWhole the complete message; null if {@code message} is complete
 * @param results in records of earlier releases: the run whose results readers see
 * @param savedResults the ids of the results saved in the current run; in records of earlier
 *     releases their number
 * @param outboxDue the earliest due time in the outbox
 */
@JsonIgnoreProperties("callback") // in records of earlier releases
record TaskRecord(
    TaskId id,
    DocumentId documentId,
    DocumentPart document,
    TaskKey key,
    @Nullable Map<String, @Nullable Object> args,
    @Nullable Map<String, Object> argsSearch,
    int priority,
    @Nullable List<String> tags,
    @JsonProperty("courier") String protocol,
    @Nullable Boolean courierOfKey,
    @Nullable Duration timeout,
    @Nullable Integer leaseSeconds,
    @Nullable Retry retry,
    OnDependencyFailure onDependencyFailure,
    String submittedBy,
    @Nullable Owner owner,
    @Nullable Map<String, @Nullable Object> meta,
    @Nullable CreationKey creationKey,
    TaskState state,
    String message,
    @Nullable String messageWhole,
    @Nullable Integer progress,
    @Nullable String stage,
    @Nullable Integer answeredState,
    int attempt,
    String run,
    int failures,
    @Nullable Integer unreportedGrants,
    @Nullable Instant dueAt,
    @Nullable Instant dispatchedAt,
    @Nullable Lease lease,
    @Nullable Instant limitedSince,
    @Nullable Admission admission,
    @Nullable Instant cancelRequestedAt,
    @Nullable Instant deletedAt,
    @Nullable Instant unansweredAfter,
    @Nullable ResultRun results,
    @Nullable List<ResultRun> resultRuns,
    @Nullable JsonNode savedResults,
    @Nullable List<ResultId> takenBackResults,
    @Nullable List<Dependency> dependsOn,
    boolean waitAny,
    @Nullable List<TaskId> dependents,
    boolean moreDependents,
    @Nullable List<PendingEffect> outbox,
    @Nullable Instant outboxDue,
    @Nullable List<Transition> history,
    Instant createdAt,
    @Nullable Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Instant updatedAt,
    @Nullable Long queuedMs,
    @Nullable Long runMs) {

  /** In characters: 4 KiB of ASCII. */
  static final int MAX_SEARCHED_MESSAGE_LENGTH = 4096;

  TaskRecord {
    outbox = outbox == null ? null : RemovedEffects.without(outbox);
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(documentId, "document_id");
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(protocol, "courier");
    Objects.requireNonNull(onDependencyFailure, "on_dependency_failure");
    Objects.requireNonNull(submittedBy, "submitted_by");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(createdAt, "created_at");
    Objects.requireNonNull(updatedAt, "updated_at");
  }

  /**
   * The copy of the document, without its id.
   *
   * @param version null if the content had never changed, as in records of earlier releases
   */
  record DocumentPart(
      TargetRecord target,
      CreatorRecord creator,
      Instant createdAt,
      Instant updatedAt,
      @Nullable Integer version) {

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
          document.updatedAt(),
          document.version() == Document.FIRST_VERSION ? null : document.version());
    }

    TaskSpec.DocumentCopy copy(DocumentId id) {
      return new TaskSpec.DocumentCopy(
          id,
          target.target(),
          creator.creator(),
          createdAt,
          updatedAt,
          version == null ? Document.FIRST_VERSION : version);
    }
  }

  static TaskRecord of(Task task) {
    TaskSpec spec = task.spec();
    Run run = task.run();
    String beginning = SearchableCopy.beginning(task.message(), MAX_SEARCHED_MESSAGE_LENGTH);
    return new TaskRecord(
        task.id(),
        spec.document().id(),
        DocumentPart.of(spec.document()),
        spec.key(),
        OmitEmpty.asNull(spec.args()),
        SearchableCopy.of(spec.args()),
        spec.priority(),
        OmitEmpty.asNull(spec.tags()),
        run.protocol(),
        spec.protocol() == null ? true : null,
        spec.timeout(),
        spec.leaseSeconds(),
        spec.retry(),
        spec.onDependencyFailure(),
        spec.submittedBy(),
        spec.owner().orNull(),
        OmitEmpty.asNull(spec.meta()),
        spec.creationKey(),
        task.state(),
        beginning,
        beginning.length() == task.message().length() ? null : task.message(),
        run.progress(),
        run.stage(),
        run.answeredState(),
        run.attempt(),
        run.token(),
        run.failures(),
        run.unreportedGrants() == 0 ? null : run.unreportedGrants(),
        run.dueAt(),
        run.dispatchedAt(),
        run.lease(),
        run.limitedSince(),
        run.admission(),
        run.cancelRequestedAt(),
        task.deletedAt(),
        run.unansweredAfter(),
        null,
        OmitEmpty.asNull(task.resultRuns()),
        run.saved().isEmpty() ? null : RecordJson.mapper().valueToTree(run.saved()),
        OmitEmpty.asNull(run.takenBack()),
        OmitEmpty.asNull(task.dependsOn()),
        task.waitAny(),
        OmitEmpty.asNull(task.dependents()),
        task.moreDependents(),
        OmitEmpty.asNull(task.outbox()),
        task.outboxDue().orElse(null),
        OmitEmpty.asNull(task.history()),
        task.createdAt(),
        run.queuedAt(),
        run.startedAt(),
        run.finishedAt(),
        task.updatedAt(),
        run.queuedMs(),
        run.runMs());
  }

  private List<ResultId> savedIds() {
    if (savedResults == null) {
      return List.of();
    }
    if (savedResults.isInt()) {
      return FormerResults.saved(id, run, savedResults.intValue());
    }
    return savedResults.valueStream().map(JsonNode::asText).map(ResultId::new).toList();
  }

  Task task() {
    return new Task(
        id,
        new TaskSpec(
            document.copy(documentId),
            key,
            OmitEmpty.ifNull(args),
            priority,
            OmitEmpty.ifNull(tags),
            Boolean.TRUE.equals(courierOfKey) ? null : protocol,
            timeout,
            leaseSeconds,
            retry,
            onDependencyFailure,
            submittedBy,
            Owner.ofNullable(owner),
            OmitEmpty.ifNull(meta),
            creationKey),
        state,
        messageWhole == null ? message : messageWhole,
        new Run(
            attempt,
            run,
            protocol,
            failures,
            unreportedGrants == null ? 0 : unreportedGrants,
            dueAt,
            dispatchedAt,
            queuedAt,
            startedAt,
            finishedAt,
            unansweredAfter,
            cancelRequestedAt,
            queuedMs,
            runMs,
            lease,
            limitedSince,
            admission,
            progress,
            stage,
            answeredState,
            savedIds(),
            OmitEmpty.ifNull(takenBackResults)),
        deletedAt,
        resultRuns == null ? FormerResults.runs(results, outbox) : resultRuns,
        OmitEmpty.ifNull(dependsOn),
        waitAny,
        OmitEmpty.ifNull(dependents),
        moreDependents,
        OmitEmpty.ifNull(outbox),
        OmitEmpty.ifNull(history),
        createdAt,
        updatedAt);
  }
}
