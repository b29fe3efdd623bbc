package dev.docket.task.machine;

import dev.docket.task.Move;
import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How runs end, by whoever ends them, and what is left of them. */
final class RunEndMoves {

  /** How long a task that was given back, or whose asker has gone, rests. */
  private static final Duration GIVE_BACK_PAUSE = Duration.ofSeconds(1);

  /** How long a task rests whose worker needs tasks but did not say which. */
  private static final Duration NEEDS_PAUSE = Duration.ofSeconds(60);

  /** To about an hour. */
  private static final int MOST_DOUBLINGS = 6;

  private RunEndMoves() {}

  static Decision complete(Task task, Command.Complete complete, Moment moment) {
    Draft draft = new Draft(task, moment);
    RunResults before = task.results();
    int given = complete.results().size();
    int count = task.saved() + given;
    draft.progress = 100;
    draft.end(TaskState.SUCCESS, WorkerMoves.by(complete), complete.message());
    draft.results = new RunResults(task.attempt(), task.run(), count);
    draft.saved = 0;
    if (given > 0 || (before != null && before.count() > 0)) {
      draft.add(new Effect.StoreResults(draft.results, complete.results(), before));
    }
    return new Decision.Moved(draft.done());
  }

  /** Its number is taken before the result is written, so whoever closes the run finds them all. */
  static Decision saveResult(Task task, Command.SaveResult save, Policy policy, Moment moment) {
    if (policy.way() == Policy.Way.CLAIMS) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "save_result: workers of key " + task.key() + " hand in their results with the end");
    }
    if (task.state() != TaskState.PROCESSING && !task.state().isClaimable()) {
      return TaskMachine.refused(
          task,
          Decision.Reason.STALE,
          save.word() + ": the task is " + TaskMachine.describe(task.state()));
    }
    if (task.saved() >= TaskMachine.MAX_SAVED) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "save_result: a run has at most " + TaskMachine.MAX_SAVED + " results");
    }
    Draft draft = new Draft(task, moment);
    draft.saved++;
    return new Decision.Moved(draft.done());
  }

  static Decision fail(Task task, Command.Fail fail, Policy policy, Moment moment) {
    Draft draft = new Draft(task, moment);
    if (task.cancelRequestedAt() != null) {
      draft.end(TaskState.CANCELLED, WorkerMoves.by(fail), fail.message());
    } else if (fail.state() == TaskState.UNFINISHED_DEPENDENCY) {
      draft.newRun();
      DependencyMoves.forgetUnmet(draft, task.spec().onDependencyFailure());
      DependencyMoves.waitFor(draft, fail.needed());
      draft.move(TaskState.UNFINISHED_DEPENDENCY, WorkerMoves.by(fail), fail.message());
      if (fail.needed().isEmpty()) {
        draft.waitAny = true;
        draft.dueAt = moment.now().plus(needsPause(task));
        draft.dispatch();
      } else {
        // A worker that asks for what is there already comes round in steps, not in a hot loop.
        draft.dueAt = moment.now().plus(hadAll(task, fail) ? needsPause(task) : GIVE_BACK_PAUSE);
      }
    } else {
      boolean again = fail.state().isRetried();
      failed(
          draft, task, policy, moment, again, fail.state(), WorkerMoves.by(fail), fail.message());
    }
    return new Decision.Moved(draft.done());
  }

  /** Longer each time that the task has looked in vain; whatever wakes it begins with a minute. */
  private static Duration needsPause(Task task) {
    int looks = 0;
    for (int i = task.history().size() - 1; i >= 0; i--) {
      Move move = task.history().get(i);
      boolean inVain =
          move.to() == TaskState.UNFINISHED_DEPENDENCY && move.by().startsWith("fail ");
      boolean between =
          move.to() == TaskState.QUEUED
              || move.to() == TaskState.PROCESSING
              || move.by().equals("publish");
      if (!inVain && !between) {
        break;
      }
      looks += inVain ? 1 : 0;
    }
    return NEEDS_PAUSE.multipliedBy(1L << Math.min(looks, MOST_DOUBLINGS));
  }

  /** Whether it asks again for nothing but what it has waited for already. */
  private static boolean hadAll(Task task, Command.Fail fail) {
    return fail.needed().stream()
        .allMatch(
            need ->
                task.dependsOn().stream()
                    .anyMatch(d -> d.id().equals(need.id()) && d.state() == TaskState.SUCCESS));
  }

  /**
   * A failed run.
   *
   * @param again whether another is tried after a pause, while there are attempts left
   * @param end how the task ends otherwise
   */
  static void failed(
      Draft draft,
      Task task,
      Policy policy,
      Moment moment,
      boolean again,
      TaskState end,
      String by,
      @Nullable String why) {
    draft.failures++;
    int allowed = policy.maxAttempts(task);
    if (!again || draft.failures >= allowed) {
      draft.end(end, by, why);
      return;
    }
    String failure = end.number() + (why == null || why.isEmpty() ? "" : ": " + why);
    draft.newRun();
    draft.dueAt = moment.now().plus(policy.pause(task, draft.failures, moment.jitter()));
    draft.move(
        TaskState.CREATED,
        by,
        failure
            + " (failure "
            + draft.failures
            + " of "
            + allowed
            + ", again at "
            + draft.dueAt
            + ")");
    draft.dispatch();
  }

  /** Back into the queue, not counted as a failure; a task that is to be cancelled ends. */
  static void giveBack(Draft draft, String by, @Nullable String why) {
    if (draft.cancelRequestedAt != null) {
      draft.end(TaskState.CANCELLED, by, why);
      return;
    }
    draft.newRun();
    draft.dueAt = draft.now().plus(GIVE_BACK_PAUSE);
    draft.move(TaskState.CREATED, by, why);
    draft.dispatch();
  }
}
