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
final class DependencyMoves {

  private DependencyMoves() {}

  /**
   * Notes what it waits for and that it is to be registered with these; the move is the caller's.
   *
   * @param needed empty: any task of the document, see {@link Effect.Register#withAny}
   */
  static void waitFor(Draft draft, List<Effect.Needed> needed) {
    for (Effect.Needed need : needed) {
      draft.dependsOn.removeIf(known -> known.id().equals(need.id()));
      draft.dependsOn.add(new Dependency(need.id(), need.key(), null, 0));
    }
    draft.dropEffects(Effect.Publish.class::isInstance);
    draft.add(new Effect.Register(needed.isEmpty() ? needed : withUndone(draft, needed)));
  }

  /** With what an earlier registration has left undone: it knows with which arguments to make. */
  private static List<Effect.Needed> withUndone(Draft draft, List<Effect.Needed> needed) {
    Map<TaskId, Effect.Needed> all = new LinkedHashMap<>();
    needed.forEach(need -> all.put(need.id(), need));
    for (PendingEffect pending : draft.outbox) {
      if (pending.effect() instanceof Effect.Register register) {
        register.needed().stream()
            .filter(undone -> undone.args() != null)
            .forEach(
                undone ->
                    all.merge(undone.id(), undone, (now, then) -> now.args() != null ? now : then));
      }
    }
    draft.dropEffects(Effect.Register.class::isInstance);
    return List.copyOf(all.values());
  }

  /** What a task ran without it does not need; only what its worker asks for counts then. */
  static void forgetUnmet(Draft draft, OnDependencyFailure rule) {
    draft.dependsOn.removeIf(known -> !satisfied(known, rule));
  }

  static Decision apply(Task task, Command command, Moment moment) {
    if (command instanceof Command.AddDependent add) {
      return addDependent(task, add.dependent(), moment);
    }
    if (command instanceof Command.InCycle cycle) {
      return inCycle(task, cycle, moment);
    }
    if (command instanceof Command.DependencyDone done) {
      return ended(task, done.dependency(), done.key(), done.attempt(), TaskState.SUCCESS, moment);
    }
    Command.DependencyFailed failed = (Command.DependencyFailed) command;
    return ended(task, failed.dependency(), failed.key(), failed.attempt(), failed.state(), moment);
  }

  private static Decision inCycle(Task task, Command.InCycle cycle, Moment moment) {
    boolean waits =
        task.state() == TaskState.UNFINISHED_DEPENDENCY
            && task.dependsOn().stream()
                .anyMatch(d -> d.id().equals(cycle.through()) && d.state() == null);
    if (!waits) {
      return new Decision.Unchanged(task);
    }
    Draft draft = new Draft(task, moment);
    draft.end(TaskState.FAILED_DEPENDENCY, cycle.word(), "it waits for itself: " + cycle.path());
    draft.dueAt = task.dueAt();
    return new Decision.Moved(draft.done());
  }

  private static Decision addDependent(Task task, TaskId dependent, Moment moment) {
    if (task.moreDependents() || task.dependents().contains(dependent)) {
      return new Decision.Unchanged(task);
    }
    Draft draft = new Draft(task, moment);
    if (draft.dependents.size() >= TaskMachine.MAX_DEPENDENTS) {
      draft.dependents.clear();
      draft.moreDependents = true;
    } else {
      draft.dependents.add(dependent);
    }
    return new Decision.Moved(draft.done());
  }

  private static Decision ended(
      Task task, TaskId dependency, TaskKey key, int attempt, TaskState how, Moment moment) {
    boolean waits =
        task.state() == TaskState.UNFINISHED_DEPENDENCY
            || task.state() == TaskState.FAILED_DEPENDENCY;
    Draft draft = new Draft(task, moment);
    int at = indexOf(draft.dependsOn, dependency);
    boolean concerned = task.waitAny() ? how == TaskState.SUCCESS : at >= 0;
    if (!waits || !concerned) {
      return new Decision.Unchanged(task);
    }
    if (at >= 0) {
      Dependency known = draft.dependsOn.get(at);
      boolean older = attempt < known.attempt() && attempt != Command.GONE;
      if (older || (attempt == known.attempt() && how == known.state())) {
        return new Decision.Unchanged(task);
      }
      draft.dependsOn.set(at, known.ended(how, attempt));
    }
    decide(task, draft, key, how);
    return new Decision.Moved(draft.done());
  }

  private static void decide(Task task, Draft draft, TaskKey key, TaskState how) {
    OnDependencyFailure rule = task.spec().onDependencyFailure();
    boolean succeeded = how == TaskState.SUCCESS;
    String by = (succeeded ? "dependency_done " : "dependency_failed ") + key;
    if (task.waitAny() || draft.dependsOn.stream().allMatch(d -> satisfied(d, rule))) {
      // A back-off is over now; what the submitter said is not.
      Instant dueAt = task.waitAny() ? null : task.dueAt();
      if (task.state() == TaskState.FAILED_DEPENDENCY) {
        draft.newRun();
      }
      draft.stopWaiting();
      draft.dueAt = dueAt;
      draft.move(TaskState.CREATED, by, null);
      draft.dispatch();
    } else if (!succeeded
        && rule == OnDependencyFailure.FAIL
        && task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      draft.end(
          TaskState.FAILED_DEPENDENCY,
          by,
          "it needs " + key + ", which ended with " + TaskMachine.describe(how));
      // It may come back, and then not before its time.
      draft.dueAt = task.dueAt();
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
