package dev.docket.task.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.auth.Owner;
import dev.docket.document.Creator;
import dev.docket.document.DocumentId;
import dev.docket.document.Target;
import dev.docket.task.Dependency;
import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.ResultRun;
import dev.docket.task.Retry;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON representation of a task, without the outbox, the run token and the claim id. Empty
 * fields are omitted.
 *
 * @param state the number of the state
 * @param stateName the name of the state
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TaskView(
    TaskId id,
    DocumentId documentId,
    DocumentPart document,
    TaskKey key,
    @JsonInclude int state,
    String stateName,
    String message,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer progress,
    @Nullable String stage,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer answeredState,
    Map<String, @Nullable Object> args,
    @JsonInclude int priority,
    List<String> tags,
    @JsonProperty("courier") String protocol,
    @Nullable Duration timeout,
    @Nullable Integer leaseSeconds,
    @Nullable Retry retry,
    OnDependencyFailure onDependencyFailure,
    String submittedBy,
    @Nullable Owner owner,
    Map<String, @Nullable Object> meta,
    @JsonInclude int attempt,
    @JsonInclude int failures,
    @Nullable Instant dueAt,
    @Nullable Instant dispatchedAt,
    @Nullable LeasePart lease,
    @Nullable Instant limitedSince,
    @Nullable Integer slot,
    @Nullable Instant cancelRequestedAt,
    @Nullable Instant unansweredAfter,
    @Nullable ResultsPart results,
    List<ResultsPart> resultRuns,
    List<DependencyPart> dependsOn,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean waitAny,
    List<TaskId> dependents,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean moreDependents,
    Instant createdAt,
    @Nullable Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Instant updatedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long queuedMs,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long runMs) {

  /** The document as it was when the latest run was handed out. */
  public record DocumentPart(
      Target target, Creator creator, Instant createdAt, Instant updatedAt, int version) {}

  /** The lease; {@code until} is for display only. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LeasePart(String worker, @Nullable Instant until) {}

  /** The number of results of a successful run, and its attempt number. */
  public record ResultsPart(int attempt, int count) {
    static ResultsPart of(ResultRun run) {
      return new ResultsPart(run.attempt(), run.count());
    }
  }

  /** A dependency with its last reported state. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DependencyPart(TaskId id, TaskKey key, @Nullable Integer state, int attempt) {}

  public static TaskView of(Task task) {
    TaskSpec spec = task.spec();
    TaskSpec.DocumentCopy document = spec.document();
    Run run = task.run();
    Lease lease = run.lease();
    ResultRun results = task.latestResults();
    return new TaskView(
        task.id(),
        document.id(),
        new DocumentPart(
            document.target(),
            document.creator(),
            document.createdAt(),
            document.updatedAt(),
            document.version()),
        spec.key(),
        task.state().number(),
        task.state().name(),
        task.message(),
        run.progress(),
        run.stage(),
        run.answeredState(),
        spec.args(),
        spec.priority(),
        spec.tags(),
        run.protocol(),
        spec.timeout(),
        spec.leaseSeconds(),
        spec.retry(),
        spec.onDependencyFailure(),
        spec.submittedBy(),
        spec.owner().orNull(),
        spec.meta(),
        run.attempt(),
        run.failures(),
        run.dueAt(),
        run.dispatchedAt(),
        lease == null ? null : new LeasePart(lease.worker(), lease.until()),
        run.limitedSince(),
        run.admission() == null ? null : run.admission().slot(),
        run.cancelRequestedAt(),
        run.unansweredAfter(),
        results == null ? null : ResultsPart.of(results),
        task.resultRuns().stream().map(ResultsPart::of).toList(),
        task.dependsOn().stream().map(TaskView::dependency).toList(),
        task.waitAny(),
        task.dependents(),
        task.moreDependents(),
        task.createdAt(),
        run.queuedAt(),
        run.startedAt(),
        run.finishedAt(),
        task.updatedAt(),
        run.queuedMs(),
        run.runMs());
  }

  private static DependencyPart dependency(Dependency dependency) {
    TaskState state = dependency.state();
    return new DependencyPart(
        dependency.id(),
        dependency.key(),
        state == null ? null : state.number(),
        dependency.attempt());
  }
}
