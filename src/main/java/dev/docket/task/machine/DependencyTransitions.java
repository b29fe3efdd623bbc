package dev.docket.task.machine;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Transitions caused by other tasks: dependents that register, dependencies that end, cycles. */
final class DependencyTransitions {

  private DependencyTransitions() {}

  /**
   * Adds the dependencies and the effect that registers with them to a new run. The caller changes
   * the state.
   *
   * @param needed empty for any task of the document, see {@link Effect.Register#waitsForAny}
   */
  static void waitFor(TaskBuilder builder, List<Effect.NeededTask> needed) {
    for (Effect.NeededTask need : needed) {
      builder.dependsOn.removeIf(known -> known.id().equals(need.id()));
      builder.dependsOn.add(new Dependency(need.id(), need.key(), null, 0));
    }
    builder.add(
        new Effect.Register(
            needed.isEmpty() ? needed : mergePendingRegistrations(builder, needed)));
  }

  /**
   * Adds the tasks of registrations not performed yet, which contain the args to create them with.
   */
  private static List<Effect.NeededTask> mergePendingRegistrations(
      TaskBuilder builder, List<Effect.NeededTask> needed) {
    Map<TaskId, Effect.NeededTask> all = new LinkedHashMap<>();
    needed.forEach(need -> all.put(need.id(), need));
    for (PendingEffect pending : builder.outbox) {
      if (pending.effect() instanceof Effect.Register register) {
        register.needed().stream()
            .filter(earlier -> earlier.args() != null)
            .forEach(
                earlier ->
                    all.merge(
                        earlier.id(),
                        earlier,
                        (newer, older) -> newer.args() != null ? newer : older));
      }
    }
    builder.dropEffects(Effect.Register.class::isInstance);
    return List.copyOf(all.values());
  }

  /** Removes unsatisfied dependencies: the task was forced to run without them. */
  static void removeUnsatisfied(TaskBuilder builder, OnDependencyFailure rule) {
    builder.dependsOn.removeIf(known -> !satisfied(known, rule));
  }

  static Decision apply(Task task, Command command, DecisionContext context) {
    if (command instanceof Command.AddDependent add) {
      return addDependent(task, add.dependent(), context);
    }
    if (command instanceof Command.InCycle cycle) {
      return inCycle(task, cycle, context);
    }
    if (command instanceof Command.DependencyDone done) {
      return dependencyEnded(
          task, done.dependency(), done.key(), done.attempt(), TaskState.SUCCESS, context);
    }
    Command.DependencyFailed failed = (Command.DependencyFailed) command;
    return dependencyEnded(
        task, failed.dependency(), failed.key(), failed.attempt(), failed.state(), context);
  }

  private static Decision inCycle(Task task, Command.InCycle cycle, DecisionContext context) {
    boolean waiting =
        task.state() == TaskState.UNFINISHED_DEPENDENCY
            && task.dependsOn().stream()
                .anyMatch(d -> d.id().equals(cycle.through()) && d.state() == null);
    if (!waiting) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.end(TaskState.FAILED_DEPENDENCY, cycle.label(), "dependency cycle: " + cycle.path());
    builder.run.dueAt = task.run().dueAt();
    return new Decision.Changed(builder.build());
  }

  private static Decision addDependent(Task task, TaskId dependent, DecisionContext context) {
    if (task.moreDependents() || task.dependents().contains(dependent)) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    if (builder.dependents.size() >= TaskMachine.MAX_DEPENDENTS) {
      builder.dependents.clear();
      builder.moreDependents = true;
    } else {
      builder.dependents.add(dependent);
    }
    return new Decision.Changed(builder.build());
  }

  private static Decision dependencyEnded(
      Task task,
      TaskId dependency,
      TaskKey key,
      int attempt,
      TaskState endState,
      DecisionContext context) {
    boolean waiting =
        task.state() == TaskState.UNFINISHED_DEPENDENCY
            || task.state() == TaskState.FAILED_DEPENDENCY;
    TaskBuilder builder = new TaskBuilder(task, context);
    int index = indexOf(builder.dependsOn, dependency);
    boolean concerned = task.waitAny() ? endState == TaskState.SUCCESS : index >= 0;
    if (!waiting || !concerned) {
      return new Decision.Unchanged(task);
    }
    if (index >= 0) {
      Dependency known = builder.dependsOn.get(index);
      boolean older = attempt < known.attempt() && attempt != Command.GONE_ATTEMPT;
      // A failed task is not known to a task that replaces its deleted dependency, so this is the
      // failure of the deleted one, reported late.
      boolean ofDeleted =
          task.state() == TaskState.FAILED_DEPENDENCY
              && known.state() == TaskState.NOT_FOUND
              && known.attempt() == Command.GONE_ATTEMPT
              && endState != TaskState.SUCCESS;
      if (older || ofDeleted || (attempt == known.attempt() && endState == known.state())) {
        return new Decision.Unchanged(task);
      }
      builder.dependsOn.set(index, known.ended(endState, attempt));
    }
    applyEnd(task, builder, key, endState);
    return new Decision.Changed(builder.build());
  }

  private static void applyEnd(Task task, TaskBuilder builder, TaskKey key, TaskState endState) {
    OnDependencyFailure rule = task.spec().onDependencyFailure();
    boolean succeeded = endState == TaskState.SUCCESS;
    String by = (succeeded ? "dependency_done " : "dependency_failed ") + key;
    if (task.waitAny() || builder.dependsOn.stream().allMatch(d -> satisfied(d, rule))) {
      // A wait for any task ends its backoff, but the due time that the submitter set stays.
      Instant dueAt = task.waitAny() ? null : task.run().dueAt();
      if (task.state() == TaskState.FAILED_DEPENDENCY) {
        builder.startNewRun();
      }
      builder.stopWaitingForAny();
      builder.run.dueAt = dueAt;
      builder.transitionTo(TaskState.CREATED, by, null);
      builder.dispatch();
    } else if (!succeeded
        && rule == OnDependencyFailure.FAIL
        && task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      builder.end(
          TaskState.FAILED_DEPENDENCY,
          by,
          "dependency " + key + " ended with " + TaskMachine.describe(endState));
      // The task may run later, if the dependency is retried, and then not before its due time.
      builder.run.dueAt = task.run().dueAt();
    }
  }

  private static boolean satisfied(Dependency dependency, OnDependencyFailure rule) {
    TaskState state = dependency.state();
    return state == TaskState.SUCCESS || (state != null && rule == OnDependencyFailure.RUN);
  }

  private static int indexOf(List<Dependency> dependencies, TaskId id) {
    for (int i = 0; i < dependencies.size(); i++) {
      if (dependencies.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }
}
