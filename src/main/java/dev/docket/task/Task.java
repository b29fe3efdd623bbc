package dev.docket.task;

import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskMachine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task: what it is ({@link #spec}) and where it stands (all else). Immutable; only {@link
 * TaskMachine} makes a new one of an old one.
 *
 * @param message the last thing said about it, for people
 * @param progress percent of the current run, null before the first word of it
 * @param stage what the current run is doing, in the worker's word
 * @param attempt counts the runs, from 1; never falls
 * @param run the random token of the current run; sent to its worker and shown to nobody else
 * @param failures the failed runs since somebody last intervened; what {@code max_attempts} counts
 * @param dueAt not to be dispatched before this
 * @param dispatchedAt when the current run's message was last handed to the broker
 * @param lease whose it is; null when no worker holds it
 * @param cancelRequestedAt since when its worker is being asked to stop
 * @param deletedAt since when it is being deleted; readers no longer see it
 * @param unansweredAfter when the current run is given up, if nobody has claimed it or answered
 * @param results whose results readers see
 * @param saved how many results a worker that does not claim has saved under the current run,
 *     before its end; readers do not see them
 * @param waitAny whether the success of any one of {@code dependsOn} is enough
 * @param dependents the tasks that wait for this one, at most {@value TaskMachine#MAX_DEPENDENTS}
 * @param moreDependents whether there are more than these, to be found by search
 * @param outbox what is still to be done after the last moves, in order
 * @param history the last {@value TaskMachine#MAX_HISTORY} moves, oldest first
 * @param queuedAt when the current run was first handed to the broker
 * @param queuedMs how long the current run waited for its worker, in milliseconds
 * @param runMs how long it ran, in milliseconds
 */
public record Task(
    TaskId id,
    TaskSpec spec,
    TaskState state,
    String message,
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
    int saved,
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
    dependsOn = List.copyOf(dependsOn);
    dependents = List.copyOf(dependents);
    outbox = List.copyOf(outbox);
    history = List.copyOf(history);
  }

  /** When the first of the outbox is due; empty where nothing is left to do. */
  public Optional<Instant> outboxDue() {
    return outbox.stream().map(PendingEffect::due).min(Instant::compareTo);
  }

  public boolean deleted() {
    return deletedAt != null;
  }

  public TaskKey key() {
    return spec.key();
  }

  /** The results saved under the current run, before its end. */
  public RunResults savedResults() {
    return new RunResults(attempt, run, saved);
  }

  /** Whether this is still the run that was meant. */
  public boolean isRun(int ofAttempt, String token) {
    return attempt == ofAttempt && run.equals(token);
  }
}
