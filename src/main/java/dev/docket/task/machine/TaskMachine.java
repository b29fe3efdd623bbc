package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.ResultRun;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The task state machine: a pure function from a task and a command to the next version of the
 * task, or to a refusal. It reads no clock and does no I/O; side effects are stored in the outbox
 * of the next version.
 *
 * <p>The transitions, by their cause; {@code end} is any state that {@link TaskState#isFinished()}:
 *
 * <table>
 * <caption>Legal transitions</caption>
 * <tr><td>{@link MessageTransitions broker}</td><td>201 205 422 → 202; 201 202 205 → 422</td></tr>
 * <tr><td>{@link WorkerTransitions worker}</td><td>201 202 205 422 → 102; 102 → end, 201, 412</td></tr>
 * <tr><td>{@link LeaseTransitions lost leases}</td><td>102 → 201, 500, 499</td></tr>
 * <tr><td>{@link ObservedTransitions sweeps}</td><td>102 → 201, 408, 500, 499; 422 → 201; end → deleted</td></tr>
 * <tr><td>{@link RequestedTransitions people}</td><td>end → 201, 412; any → 201, 205, 499, deleted</td></tr>
 * <tr><td>{@link DependencyTransitions other tasks}</td><td>412 → 201, 424; 424 → 201</td></tr>
 * </table>
 */
public final class TaskMachine {

  /** The maximum number of dependents that a task lists; a flag replaces a longer list. */
  public static final int MAX_DEPENDENTS = 200;

  /** The maximum number of history entries of a task. */
  public static final int MAX_HISTORY = 50;

  /** The maximum number of results that a run can save before its end. */
  public static final int MAX_SAVED = 100;

  /** This many runs in a row that no worker reports on after a poll count as one failure. */
  public static final int MAX_UNREPORTED_GRANTS = 3;

  private TaskMachine() {}

  /**
   * Creates a task that is dispatched, or waits for its dependencies first. The context names the
   * protocol of its first run, unless the specification does.
   *
   * @param needed the dependencies
   * @param dueAt the task is not dispatched before this time; null for immediately
   */
  public static Task create(
      TaskId id,
      TaskSpec spec,
      List<Effect.NeededTask> needed,
      @Nullable Instant dueAt,
      DecisionContext context) {
    String protocol =
        Objects.requireNonNull(
            spec.protocol() == null ? context.protocol() : spec.protocol(), "protocol");
    Task blank =
        new Task(
            id,
            spec,
            TaskState.CREATED,
            "",
            Run.unstarted(1, context.randomToken(), protocol),
            null,
            List.of(),
            List.of(),
            false,
            List.of(),
            false,
            List.of(),
            List.of(),
            context.now(),
            context.now());
    TaskBuilder builder = new TaskBuilder(blank, context.withProtocol(protocol));
    builder.run.dueAt = dueAt;
    if (needed.isEmpty()) {
      builder.dispatch();
    } else {
      DependencyTransitions.waitFor(builder, needed);
      builder.state = TaskState.UNFINISHED_DEPENDENCY;
    }
    builder.history.add(
        new Transition(
            context.now(),
            null,
            builder.state,
            1,
            "create " + spec.submittedBy(),
            null,
            1,
            spec.submittedBy()));
    return builder.build();
  }

  /** Decides on a command. The policy is that of the task's current run. */
  public static Decision apply(Task task, Command command, Policy policy, DecisionContext context) {
    String principal = command.principal();
    return decide(
        task, command, policy, principal == null ? context : context.withPrincipal(principal));
  }

  private static Decision decide(
      Task task, Command command, Policy policy, DecisionContext context) {
    if (command instanceof Command.EffectsDone done) {
      return effectsDone(task, done, context);
    }
    if (command instanceof Command.TakeOverdue take) {
      return ObservedTransitions.takeOverdue(task, take.until(), context);
    }
    if (task.deleted()) {
      return command instanceof Command.Delete || command instanceof Command.FromBroker
          ? new Decision.Unchanged(task)
          : refused(task, Decision.Reason.GONE, "the task is being deleted");
    }
    if (command instanceof Command.FromBroker fromBroker) {
      return MessageTransitions.apply(task, fromBroker, policy, context);
    }
    if (command instanceof Command.FromWorker fromWorker) {
      return WorkerTransitions.apply(task, fromWorker, policy, context);
    }
    if (command instanceof Command.InstanceReplaced replaced) {
      return LeaseTransitions.instanceReplaced(task, replaced, policy, context);
    }
    if (command instanceof Command.SaveResult save) {
      return ResultTransitions.saveResult(task, save, policy, context);
    }
    if (command instanceof Command.RemoveResults remove) {
      return ResultTransitions.removeResults(task, remove, context);
    }
    if (command instanceof Command.TrimResults trim) {
      return ResultTransitions.trimResults(task, trim, context);
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
    return RequestedTransitions.apply(task, command, context);
  }

  private static Decision effectsDone(
      Task task, Command.EffectsDone done, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    // A publish effect is removed by the broker's confirm or return.
    List<PendingEffect> performed =
        builder.outbox.stream()
            .filter(
                pending ->
                    done.ids().contains(pending.id())
                        && !(pending.effect() instanceof Effect.Publish))
            .toList();
    if (!builder.outbox.removeAll(performed)) {
      return new Decision.Unchanged(task);
    }
    for (PendingEffect pending : performed) {
      if (pending.effect() instanceof Effect.StoreResults stored) {
        reconcile(builder, task, stored.run());
      }
    }
    return new Decision.Changed(builder.build());
  }

  /**
   * Adds the effect for results that were stored after a later run had left results: they are not
   * the latest, and may have fallen off the list. Those of a task that is being deleted may have
   * been stored after they were deleted, and so may a result whose save was noted but lasted until
   * the run had ended.
   */
  private static void reconcile(TaskBuilder builder, Task task, ResultRun stored) {
    ResultRun unlisted = stored.unlistedIn(task);
    if (unlisted != null) {
      builder.add(new Effect.DeleteResults(List.of(unlisted)));
    }
    ResultRun latest = task.latestResults();
    if (!task.deleted() && latest != null && !latest.isSameSubmission(stored)) {
      builder.add(
          new Effect.StoreResults(latest, List.of(), stored.equals(unlisted) ? null : stored));
    }
  }

  static Decision refused(Task task, Decision.Reason reason, String detail) {
    return new Decision.Refused(task, reason, detail, null);
  }

  static Decision illegal(Task task, Command command) {
    return refused(
        task,
        Decision.Reason.ILLEGAL,
        command.label() + " is not allowed in state " + describe(task.state()));
  }

  /** Formats a state for people, as {@code 202 QUEUED}. */
  static String describe(TaskState state) {
    return state.number() + " " + state.name();
  }
}
