package dev.docket.task;

import java.util.List;

/** What the ends of other tasks do, for those that wait for them. */
final class DependencyMoves {

  private DependencyMoves() {}

  /**
   * Notes what it waits for and that it is to be registered with these; the move is the caller's.
   */
  static void waitFor(Draft draft, List<Effect.Needed> needed) {
    for (Effect.Needed need : needed) {
      draft.dependsOn.removeIf(known -> known.id().equals(need.id()));
      draft.dependsOn.add(new Dependency(need.id(), need.key(), null, 0));
    }
    draft.dropEffects(e -> e instanceof Effect.Publish || e instanceof Effect.Register);
    draft.add(new Effect.Register(needed));
  }

  static Decision apply(Task task, Command command, Moment moment) {
    if (command instanceof Command.AddDependent add) {
      return addDependent(task, add.dependent(), moment);
    }
    if (command instanceof Command.DependencyDone done) {
      return ended(task, done.dependency(), done.key(), done.attempt(), TaskState.SUCCESS, moment);
    }
    Command.DependencyFailed failed = (Command.DependencyFailed) command;
    return ended(task, failed.dependency(), failed.key(), failed.attempt(), failed.state(), moment);
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
    if (!waits) {
      return new Decision.Unchanged(task);
    }
    Draft draft = new Draft(task, moment);
    int at = indexOf(draft.dependsOn, dependency);
    if (at < 0) {
      if (!task.waitAny()) {
        return new Decision.Unchanged(task);
      }
      draft.dependsOn.add(new Dependency(dependency, key, how, attempt));
    } else {
      Dependency known = draft.dependsOn.get(at);
      if (known.attempt() > attempt || (known.attempt() == attempt && how == known.state())) {
        return new Decision.Unchanged(task);
      }
      draft.dependsOn.set(at, known.ended(how, attempt));
    }
    decide(task, draft, key, how);
    return new Decision.Moved(draft.done());
  }

  private static void decide(Task task, Draft draft, TaskKey key, TaskState how) {
    OnDependencyFailure rule = task.spec().onDependencyFailure();
    boolean enough =
        task.waitAny()
            ? how == TaskState.SUCCESS
            : draft.dependsOn.stream().allMatch(d -> satisfied(d, rule));
    if (enough) {
      draft.waitAny = false;
      draft.finishedAt = null;
      draft.dropEffects(e -> e instanceof Effect.Register || e instanceof Effect.Wake);
      draft.move(TaskState.CREATED, "dependency_done " + key, null);
      draft.dispatch();
    } else if (how != TaskState.SUCCESS
        && rule == OnDependencyFailure.FAIL
        && !task.waitAny()
        && task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      draft.end(
          TaskState.FAILED_DEPENDENCY,
          "dependency_failed " + key,
          "it needs " + key + ", which ended with " + TaskMachine.describe(how));
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
