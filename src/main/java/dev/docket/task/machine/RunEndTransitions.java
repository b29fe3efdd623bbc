package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transitions that end runs, and the results that runs leave. */
final class RunEndTransitions {

  /** The delay before the next run of a task that was given back. */
  private static final Duration GIVE_BACK_DELAY = Duration.ofSeconds(1);

  /** The initial delay of a task whose worker needs other tasks but did not name them. */
  private static final Duration DEPENDENCY_DELAY = Duration.ofSeconds(60);

  /** Limits {@link #DEPENDENCY_DELAY} to about an hour. */
  private static final int MAX_DOUBLINGS = 6;

  private RunEndTransitions() {}

  static Decision complete(
      Task task, Command.Complete complete, Policy policy, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.run.unreportedGrants = 0;
    builder.run.progress = 100;
    builder.setTimes(RunTimes.of(task, complete.timing(), context.now()));
    builder.end(TaskState.SUCCESS, WorkerTransitions.by(complete), complete.end().message());
    builder.run.answeredState = complete.end().answeredState();
    addResults(builder, task, complete, policy.keptRuns());
    return new Decision.Changed(builder.build());
  }

  /** Lists the results of a successful run. A run without results leaves those of earlier ones. */
  private static void addResults(
      TaskBuilder builder, Task task, Command.Complete complete, int keptRuns) {
    int count = task.run().saved().size() + complete.results().size();
    if (count == 0) {
      return;
    }
    String submission = complete.results().isEmpty() ? null : complete.submission();
    ResultRun run =
        new ResultRun(
            task.run().attempt(), task.run().token(), submission, count, task.run().saved());
    builder.run.saved.clear();
    builder.resultRuns.add(run);
    builder.add(new Effect.StoreResults(run, complete.results(), task.latestResults()));
    if (builder.resultRuns.size() > keptRuns) {
      List<ResultRun> dropped = builder.resultRuns.subList(0, builder.resultRuns.size() - keptRuns);
      builder.add(new Effect.DeleteResults(dropped));
      dropped.clear();
    }
  }

  static Decision fail(Task task, Command.Fail fail, Policy policy, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.run.unreportedGrants = 0;
    builder.setTimes(RunTimes.of(task, fail.timing(), context.now()));
    if (task.run().cancelRequestedAt() != null) {
      builder.end(TaskState.CANCELLED, WorkerTransitions.by(fail), fail.end().message());
    } else if (fail.state() == TaskState.UNFINISHED_DEPENDENCY) {
      builder.startNewRun();
      DependencyTransitions.removeUnsatisfied(builder, task.spec().onDependencyFailure());
      DependencyTransitions.waitFor(builder, fail.needed());
      builder.transitionTo(
          TaskState.UNFINISHED_DEPENDENCY, WorkerTransitions.by(fail), fail.end().message());
      if (fail.needed().isEmpty()) {
        builder.waitAny = true;
        builder.run.dueAt = context.now().plus(dependencyDelay(task));
        builder.dispatch();
      } else {
        // A worker that asks for dependencies that have already succeeded is slowed down.
        builder.run.dueAt =
            context
                .now()
                .plus(alreadySatisfied(task, fail) ? dependencyDelay(task) : GIVE_BACK_DELAY);
      }
    } else {
      failed(
          builder,
          task,
          policy,
          context,
          fail.retryable(),
          fail.state(),
          fail.end().answeredState(),
          WorkerTransitions.by(fail),
          fail.end().message());
    }
    return new Decision.Changed(builder.build());
  }

  /**
   * The delay doubles with each consecutive run that found its dependencies missing. When another
   * transition has woken the task, it starts with a minute again.
   */
  private static Duration dependencyDelay(Task task) {
    int rounds = 0;
    for (int i = task.history().size() - 1; i >= 0; i--) {
      Transition transition = task.history().get(i);
      boolean unsatisfied =
          transition.to() == TaskState.UNFINISHED_DEPENDENCY && transition.by().startsWith("fail ");
      boolean between =
          transition.to() == TaskState.QUEUED
              || transition.to() == TaskState.PROCESSING
              || transition.by().equals("publish");
      if (!unsatisfied && !between) {
        break;
      }
      rounds += unsatisfied ? 1 : 0;
    }
    return DEPENDENCY_DELAY.multipliedBy(1L << Math.min(rounds, MAX_DOUBLINGS));
  }

  /** Whether all tasks that the worker asks for have already succeeded as dependencies. */
  private static boolean alreadySatisfied(Task task, Command.Fail fail) {
    return fail.needed().stream()
        .allMatch(
            need ->
                task.dependsOn().stream()
                    .anyMatch(d -> d.id().equals(need.id()) && d.state() == TaskState.SUCCESS));
  }

  /**
   * Counts a failed run, and schedules another run or ends the task.
   *
   * @param retryable whether the task is run again after a delay while there are attempts left
   * @param endState the state in which the task ends otherwise
   * @param answeredState the number in the worker's reply, if its protocol has state numbers of its
   *     own
   */
  static void failed(
      TaskBuilder builder,
      Task task,
      Policy policy,
      DecisionContext context,
      boolean retryable,
      TaskState endState,
      @Nullable Integer answeredState,
      String by,
      @Nullable String message) {
    builder.run.failures++;
    int maxAttempts = policy.maxAttempts(task);
    if (!retryable || builder.run.failures >= maxAttempts) {
      builder.end(endState, by, message);
      builder.run.answeredState = answeredState;
      return;
    }
    int number = answeredState == null ? endState.number() : answeredState;
    String failure = number + (message == null || message.isEmpty() ? "" : ": " + message);
    builder.startNewRun();
    String next = "";
    // A person decides when to try again.
    if (!builder.run.isManual()) {
      Duration delay = policy.retryDelay(task, builder.run.failures, context.jitter());
      builder.run.dueAt = context.now().plus(delay);
      next = "; next attempt at " + builder.run.dueAt;
    }
    builder.transitionTo(
        TaskState.CREATED,
        by,
        failure + " (failure " + builder.run.failures + " of " + maxAttempts + next + ")");
    builder.dispatch();
  }

  /** Schedules a new run without counting a failure; cancels the task if this was requested. */
  static void giveBack(TaskBuilder builder, String by, @Nullable String message) {
    if (builder.run.cancelRequestedAt != null) {
      builder.end(TaskState.CANCELLED, by, message);
      return;
    }
    builder.startNewRun();
    builder.run.dueAt = builder.run.isManual() ? null : builder.now().plus(GIVE_BACK_DELAY);
    builder.transitionTo(TaskState.CREATED, by, message);
    builder.dispatch();
  }
}
