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
 * @param run the current run, or the last one
 * @param deletedAt since when the task is being deleted; readers no longer see it
 * @param resultRuns the successful runs that left results, the latest last; readers see these
 *     results
 * @param waitAny whether the success of any other task of the document ends the wait
 * @param dependents the tasks that wait for this one, at most {@value TaskMachine#MAX_DEPENDENTS}
 * @param moreDependents whether there are more dependents than can be listed; a search finds them
 * @param outbox the side effects that are still to be performed, in order
 * @param history the last {@value TaskMachine#MAX_HISTORY} transitions, oldest first
 */
public record Task(
    TaskId id,
    TaskSpec spec,
    TaskState state,
    String message,
    Run run,
    @Nullable Instant deletedAt,
    List<ResultRun> resultRuns,
    List<Dependency> dependsOn,
    boolean waitAny,
    List<TaskId> dependents,
    boolean moreDependents,
    List<PendingEffect> outbox,
    List<Transition> history,
    Instant createdAt,
    Instant updatedAt) {

  public Task {
    resultRuns = List.copyOf(resultRuns);
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

  public boolean isCurrentRun(RunRef other) {
    return run.ref().equals(other);
  }
}
