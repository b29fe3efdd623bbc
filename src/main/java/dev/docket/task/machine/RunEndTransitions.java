package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How runs end, by whoever ends them, and what is left of them. */
final class RunEndTransitions {

  /** How long a task that was given back, or whose asker has gone, rests. */
  private static final Duration GIVE_BACK_PAUSE = Duration.ofSeconds(1);

  /** How long a task rests whose worker needs tasks but did not say which. */
  private static final Duration NEEDS_PAUSE = Duration.ofSeconds(60);

  /** To about an hour. */
  private static final int MAX_DOUBLINGS = 6;

  private RunEndTransitions() {}

  static Decision complete(Task task, Command.Complete complete, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    RunResults before = task.results();
    int given = complete.results().size();
    int count = task.saved() + given;
    builder.progress = 100;
    builder.end(TaskState.SUCCESS, WorkerTransitions.by(complete), complete.message());
    builder.results = new RunResults(task.attempt(), task.run(), count);
    builder.saved = 0;
    if (given > 0 || (before != null && before.count() > 0)) {
      builder.add(new Effect.StoreResults(builder.results, complete.results(), before));
    }
    return new Decision.Moved(builder.done());
  }

  /** Its number is taken before the result is written, so whoever closes the run finds them all. */
  static Decision saveResult(
      Task task, Command.SaveResult save, Policy policy, DecisionContext context) {
    if (policy.ackMode() == Policy.AckMode.CLAIMS) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "save_result: workers of key " + task.key() + " hand in their results with the end");
    }
    if (task.state() != TaskState.PROCESSING && !task.state().isClaimable()) {
      return TaskMachine.refused(
          task,
          Decision.Reason.STALE,
          save.label() + ": the task is " + TaskMachine.describe(task.state()));
    }
    if (task.saved() >= TaskMachine.MAX_SAVED) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "save_result: a run has at most " + TaskMachine.MAX_SAVED + " results");
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.saved++;
    return new Decision.Moved(builder.done());
  }

  static Decision fail(Task task, Command.Fail fail, Policy policy, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    if (task.cancelRequestedAt() != null) {
      builder.end(TaskState.CANCELLED, WorkerTransitions.by(fail), fail.message());
    } else if (fail.state() == TaskState.UNFINISHED_DEPENDENCY) {
      builder.newRun();
      DependencyTransitions.forgetUnmet(builder, task.spec().onDependencyFailure());
      DependencyTransitions.waitFor(builder, fail.needed());
      builder.move(TaskState.UNFINISHED_DEPENDENCY, WorkerTransitions.by(fail), fail.message());
      if (fail.needed().isEmpty()) {
        builder.waitAny = true;
        builder.dueAt = context.now().plus(needsPause(task));
        builder.dispatch();
      } else {
        // A worker that asks for what is there already comes round in steps, not in a hot loop.
        builder.dueAt = context.now().plus(hadAll(task, fail) ? needsPause(task) : GIVE_BACK_PAUSE);
      }
    } else {
      boolean again = fail.state().isRetried();
      failed(
          builder,
          task,
          policy,
          context,
          again,
          fail.state(),
          WorkerTransitions.by(fail),
          fail.message());
    }
    return new Decision.Moved(builder.done());
  }

  /** Longer each time that the task has looked in vain; whatever wakes it begins with a minute. */
  private static Duration needsPause(Task task) {
    int looks = 0;
    for (int i = task.history().size() - 1; i >= 0; i--) {
      Transition transition = task.history().get(i);
      boolean inVain =
          transition.to() == TaskState.UNFINISHED_DEPENDENCY && transition.by().startsWith("fail ");
      boolean between =
          transition.to() == TaskState.QUEUED
              || transition.to() == TaskState.PROCESSING
              || transition.by().equals("publish");
      if (!inVain && !between) {
        break;
      }
      looks += inVain ? 1 : 0;
    }
    return NEEDS_PAUSE.multipliedBy(1L << Math.min(looks, MAX_DOUBLINGS));
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
      TaskBuilder builder,
      Task task,
      Policy policy,
      DecisionContext context,
      boolean again,
      TaskState end,
      String by,
      @Nullable String why) {
    builder.failures++;
    int allowed = policy.maxAttempts(task);
    if (!again || builder.failures >= allowed) {
      builder.end(end, by, why);
      return;
    }
    String failure = end.number() + (why == null || why.isEmpty() ? "" : ": " + why);
    builder.newRun();
    builder.dueAt = context.now().plus(policy.pause(task, builder.failures, context.jitter()));
    builder.move(
        TaskState.CREATED,
        by,
        failure
            + " (failure "
            + builder.failures
            + " of "
            + allowed
            + ", again at "
            + builder.dueAt
            + ")");
    builder.dispatch();
  }

  /** Back into the queue, not counted as a failure; a task that is to be cancelled ends. */
  static void giveBack(TaskBuilder builder, String by, @Nullable String why) {
    if (builder.cancelRequestedAt != null) {
      builder.end(TaskState.CANCELLED, by, why);
      return;
    }
    builder.newRun();
    builder.dueAt = builder.now().plus(GIVE_BACK_PAUSE);
    builder.move(TaskState.CREATED, by, why);
    builder.dispatch();
  }
}
