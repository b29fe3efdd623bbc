package dev.docket.task;

import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskMachine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task: its specification ({@link #spec}) and its current state (all other components).
 * Immutable; only {@link TaskMachine} derives a new version from an existing one.
 *
 * @param message the last message about the task, for people
 * @param progress percentage of the current run; null before its first progress report
 * @param stage what the current run is doing, as reported by the worker
 * @param answeredState the number with which the worker ended the current run, if its protocol has
 *     state numbers of its own; null before the end
 * @param attempt the attempt number of the current run, from 1; never decreases
 * @param run the random token of the current run; sent to its worker and shown to no other reader
 * @param failures the number of failed runs since the last retry, forceretry or reset; {@code
 *     max_attempts} limits it
 * @param unreportedGrants the number of runs in a row that a poll granted and no worker reported
 *     on; less than {@value TaskMachine#MAX_UNREPORTED_GRANTS}
 * @param dueAt the task is not dispatched before this time
 * @param dispatchedAt when the message of the current run was last published
 * @param lease the lease of the current run; null if no worker holds one
 * @param cancelRequestedAt since when the worker is asked to stop
 * @param deletedAt since when the task is being deleted; readers no longer see it
 * @param unansweredAfter when the server gives the current run up if no worker claimed it or
 *     replied
 * @param resultRuns the successful runs that left results, the latest last; readers see these
 *     results
 * @param saved the results that a worker that does not claim has saved in the current run; readers
 *     do not see them before the run succeeds
 * @param takenBack results that the worker has saved in the current run and deleted again; their
 *     ids are not used again, because a deletion may still be in progress
 * @param waitAny whether the success of any other task of the document ends the wait
 * @param dependents the tasks that wait for this one, at most {@value TaskMachine#MAX_DEPENDENTS}
 * @param moreDependents whether there are more dependents than can be listed; a search finds them
 * @param outbox the side effects that are still to be performed, in order
 * @param history the last {@value TaskMachine#MAX_HISTORY} transitions, oldest first
 * @param queuedAt when the current run was first published
 * @param queuedMs how long the current run waited for its worker, and in it for a free slot, in
 *     milliseconds
 * @param startedAt when the current run started: the claim, or later if its worker has reported
 *     that
 * @param runMs how long the current run took, in milliseconds; measured by the worker if it can
 */
public record Task(
    TaskId id,
    TaskSpec spec,
    TaskState state,
    String message,
    @Nullable Integer progress,
    @Nullable String stage,
    @Nullable Integer answeredState,
    int attempt,
    String run,
    int failures,
    int unreportedGrants,
    @Nullable Instant dueAt,
    @Nullable Instant dispatchedAt,
    @Nullable Lease lease,
    @Nullable Instant cancelRequestedAt,
    @Nullable Instant deletedAt,
    @Nullable Instant unansweredAfter,
    List<ResultRun> resultRuns,
    List<ResultId> saved,
    List<ResultId> takenBack,
    List<Dependency> dependsOn,
    boolean waitAny,
    List<TaskId> dependents,
    boolean moreDependents,
    List<PendingEffect> outbox,
    List<Transition> history,
    Instant createdAt,
    @Nullable Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Instant updatedAt,
    @Nullable Long queuedMs,
    @Nullable Long runMs) {

  public Task {
    resultRuns = List.copyOf(resultRuns);
    saved = List.copyOf(saved);
    takenBack = List.copyOf(takenBack);
    dependsOn = List.copyOf(dependsOn);
    dependents = List.copyOf(dependents);
    outbox = List.copyOf(outbox);
    history = List.copyOf(history);
  }

  /** The earliest due time in the outbox; empty if the outbox is empty. */
  public Optional<Instant> outboxDue() {
    return outbox.stream().map(PendingEffect::due).min(Instant::compareTo);
  }

  public boolean deleted() {
    return deletedAt != null;
  }

  public TaskKey key() {
    return spec.key();
  }

  /** The results of the latest successful run that left any; null if there are none. */
  public @Nullable ResultRun latestResults() {
    return resultRuns.isEmpty() ? null : resultRuns.get(resultRuns.size() - 1);
  }

  /** The results that were saved in the current run, before its end. */
  public ResultRun savedResults() {
    return ResultRun.saved(attempt, run, saved);
  }

  /** Whether attempt number and token are those of the current run. */
  public boolean isCurrentRun(int ofAttempt, String token) {
    return attempt == ofAttempt && run.equals(token);
  }
}
