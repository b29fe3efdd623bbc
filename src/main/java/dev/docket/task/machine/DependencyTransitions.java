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

/** What the ends of other tasks do, for those that wait for them. */
final class DependencyTransitions {

  private DependencyTransitions() {}

  /**
   * Notes what it waits for and that it is to be registered with these; the move is the caller's.
   *
   * @param needed empty: any task of the document, see {@link Effect.Register#withAny}
   */
  static void waitFor(TaskBuilder builder, List<Effect.Needed> needed) {
    for (Effect.Needed need : needed) {
      builder.dependsOn.removeIf(known -> known.id().equals(need.id()));
      builder.dependsOn.add(new Dependency(need.id(), need.key(), null, 0));
    }
    builder.dropEffects(Effect.Publish.class::isInstance);
    builder.add(new Effect.Register(needed.isEmpty() ? needed : withUndone(builder, needed)));
  }

  /** With what an earlier registration has left undone: it knows with which arguments to make. */
  private static List<Effect.Needed> withUndone(TaskBuilder builder, List<Effect.Needed> needed) {
    Map<TaskId, Effect.Needed> all = new LinkedHashMap<>();
    needed.forEach(need -> all.put(need.id(), need));
    for (PendingEffect pending : builder.outbox) {
      if (pending.effect() instanceof Effect.Register register) {
        register.needed().stream()
            .filter(undone -> undone.args() != null)
            .forEach(
                undone ->
                    all.merge(undone.id(), undone, (now, then) -> now.args() != null ? now : then));
      }
    }
    builder.dropEffects(Effect.Register.class::isInstance);
    return List.copyOf(all.values());
  }

  /** What a task ran without it does not need; only what its worker asks for counts then. */
  static void forgetUnmet(TaskBuilder builder, OnDependencyFailure rule) {
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
      return ended(task, done.dependency(), done.key(), done.attempt(), TaskState.SUCCESS, context);
    }
    Command.DependencyFailed failed = (Command.DependencyFailed) command;
    return ended(
        task, failed.dependency(), failed.key(), failed.attempt(), failed.state(), context);
  }

  private static Decision inCycle(Task task, Command.InCycle cycle, DecisionContext context) {
    boolean waits =
        task.state() == TaskState.UNFINISHED_DEPENDENCY
            && task.dependsOn().stream()
                .anyMatch(d -> d.id().equals(cycle.through()) && d.state() == null);
    if (!waits) {
      return new Decision.Unchanged(task);
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.end(TaskState.FAILED_DEPENDENCY, cycle.label(), "it waits for itself: " + cycle.path());
    builder.dueAt = task.dueAt();
    return new Decision.Moved(builder.done());
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
    return new Decision.Moved(builder.done());
  }

  private static Decision ended(
      Task task,
      TaskId dependency,
      TaskKey key,
      int attempt,
      TaskState how,
      DecisionContext context) {
    boolean waits =
        task.state() == TaskState.UNFINISHED_DEPENDENCY
            || task.state() == TaskState.FAILED_DEPENDENCY;
    TaskBuilder builder = new TaskBuilder(task, context);
    int at = indexOf(builder.dependsOn, dependency);
    boolean concerned = task.waitAny() ? how == TaskState.SUCCESS : at >= 0;
    if (!waits || !concerned) {
      return new Decision.Unchanged(task);
    }
    if (at >= 0) {
      Dependency known = builder.dependsOn.get(at);
      boolean older = attempt < known.attempt() && attempt != Command.GONE;
      if (older || (attempt == known.attempt() && how == known.state())) {
        return new Decision.Unchanged(task);
      }
      builder.dependsOn.set(at, known.ended(how, attempt));
    }
    decide(task, builder, key, how);
    return new Decision.Moved(builder.done());
  }

  private static void decide(Task task, TaskBuilder builder, TaskKey key, TaskState how) {
    OnDependencyFailure rule = task.spec().onDependencyFailure();
    boolean succeeded = how == TaskState.SUCCESS;
    String by = (succeeded ? "dependency_done " : "dependency_failed ") + key;
    if (task.waitAny() || builder.dependsOn.stream().allMatch(d -> satisfied(d, rule))) {
      // A back-off is over now; what the submitter said is not.
      Instant dueAt = task.waitAny() ? null : task.dueAt();
      if (task.state() == TaskState.FAILED_DEPENDENCY) {
        builder.newRun();
      }
      builder.stopWaiting();
      builder.dueAt = dueAt;
      builder.move(TaskState.CREATED, by, null);
      builder.dispatch();
    } else if (!succeeded
        && rule == OnDependencyFailure.FAIL
        && task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      builder.end(
          TaskState.FAILED_DEPENDENCY,
          by,
          "it needs " + key + ", which ended with " + TaskMachine.describe(how));
      // It may come back, and then not before its time.
      builder.dueAt = task.dueAt();
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
