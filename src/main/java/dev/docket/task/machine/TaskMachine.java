package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to a task: one pure function from a task and a command to the next task, or to a
 * refusal. It reads no clock and does no I/O; what is to be done outside is in the next task's
 * outbox.
 *
 * <p>The moves, by who causes them; {@code end} is any state that {@link TaskState#isFinished()}:
 *
 * <table>
 * <caption>Legal moves</caption>
 * <tr><td>{@link MessageTransitions the broker}</td><td>201 205 422 → 202; 201 202 205 → 422</td></tr>
 * <tr><td>{@link WorkerTransitions the worker}</td><td>201 202 205 422 → 102; 102 → end, 201, 412</td></tr>
 * <tr><td>{@link ObservedTransitions the watch}</td><td>102 → 201, 408, 500, 499; 422 → 201; end → gone</td></tr>
 * <tr><td>{@link RequestedTransitions people}</td><td>end → 201, 412; any → 201, 205, 499, gone</td></tr>
 * <tr><td>{@link DependencyTransitions other tasks}</td><td>412 → 201, 424; 424 → 201</td></tr>
 * </table>
 */
public final class TaskMachine {

  /** How many dependents a task lists; of more it only knows that there are more. */
  public static final int MAX_DEPENDENTS = 200;

  /** How many moves a task remembers. */
  public static final int MAX_HISTORY = 50;

  /** How many results a run may save before its end. */
  public static final int MAX_SAVED = 100;

  private TaskMachine() {}

  /**
   * A new task, on its way to the broker, or waiting for others first.
   *
   * @param needed what it waits for
   * @param dueAt not to be dispatched before this; null for at once
   */
  public static Task create(
      TaskId id,
      TaskSpec spec,
      List<Effect.Needed> needed,
      @Nullable Instant dueAt,
      DecisionContext context) {
    Task blank =
        new Task(
            id,
            spec,
            TaskState.CREATED,
            "",
            null,
            null,
            1,
            context.fresh(),
            0,
            dueAt,
            null,
            null,
            null,
            null,
            null,
            null,
            0,
            List.of(),
            false,
            List.of(),
            false,
            List.of(),
            List.of(),
            context.now(),
            null,
            null,
            null,
            context.now(),
            null,
            null);
    TaskBuilder builder = new TaskBuilder(blank, context);
    if (needed.isEmpty()) {
      builder.dispatch();
    } else {
      DependencyTransitions.waitFor(builder, needed);
      builder.state = TaskState.UNFINISHED_DEPENDENCY;
    }
    builder.history.add(
        new Transition(
            context.now(), null, builder.state, 1, "create " + spec.submittedBy(), null, 1));
    return builder.done();
  }

  /** Decides. The policy is that of the task's key. */
  public static Decision apply(Task task, Command command, Policy policy, DecisionContext context) {
    if (command instanceof Command.EffectsDone done) {
      return effectsDone(task, done, context);
    }
    if (command instanceof Command.TakeOverdue take) {
      return ObservedTransitions.takeOverdue(task, take.until(), context);
    }
    if (task.deleted()) {
      return command instanceof Command.Delete || command instanceof Command.OfMessage
          ? new Decision.Unchanged(task)
          : refused(task, Decision.Reason.GONE, "the task is being deleted");
    }
    if (command instanceof Command.OfMessage message) {
      return MessageTransitions.apply(task, message, policy, context);
    }
    if (command instanceof Command.OfRun ofRun) {
      return WorkerTransitions.apply(task, ofRun, policy, context);
    }
    if (command instanceof Command.SaveResult save) {
      return RunEndTransitions.saveResult(task, save, policy, context);
    }
    if (command instanceof Command.Observed observed && !(command instanceof Command.MassReset)) {
      return ObservedTransitions.apply(task, observed, policy, context);
    }
    if (command instanceof Command.DependencyDone
        || command instanceof Command.DependencyFailed
        || command instanceof Command.InCycle
        || command instanceof Command.AddDependent) {
      return DependencyTransitions.apply(task, command, context);
    }
    return RequestedTransitions.apply(task, command, policy, context);
  }

  private static Decision effectsDone(
      Task task, Command.EffectsDone done, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    // A message is done when the broker says so.
    List<PendingEffect> over =
        builder.outbox.stream()
            .filter(p -> done.ids().contains(p.id()) && !(p.effect() instanceof Effect.Publish))
            .toList();
    if (!builder.outbox.removeAll(over)) {
      return new Decision.Unchanged(task);
    }
    for (PendingEffect pending : over) {
      // Stored after a later success: nobody counts them any more.
      if (pending.effect() instanceof Effect.StoreResults stored
          && !stored.run().equals(task.results())) {
        builder.add(new Effect.DeleteResults(List.of(stored.run())));
      }
    }
    return new Decision.Moved(builder.done());
  }

  static Decision refused(Task task, Decision.Reason reason, String why) {
    return new Decision.Refused(task, reason, why, null);
  }

  static Decision illegal(Task task, Command command) {
    return refused(
        task,
        Decision.Reason.ILLEGAL,
        command.label() + " makes no sense for a task that is " + describe(task.state()));
  }

  /** A state for people, as {@code 202 QUEUED}. */
  static String describe(TaskState state) {
    return state.number() + " " + state.name();
  }
}
