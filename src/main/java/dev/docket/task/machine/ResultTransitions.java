package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transitions that change which results a task lists, except the end of a run. */
final class ResultTransitions {

  private ResultTransitions() {}

  /** Notes a result before it is written, so the end of the run covers all saved results. */
  static Decision saveResult(
      Task task, Command.SaveResult save, Policy policy, DecisionContext context) {
    if (policy.ackMode() == Policy.AckMode.CLAIMS) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "save_result is not allowed: workers of key "
              + task.key()
              + " submit results on completion");
    }
    if (task.state() != TaskState.PROCESSING && !task.state().isClaimable()) {
      return TaskMachine.refused(
          task,
          Decision.Reason.STALE,
          save.label() + " is not allowed in state " + TaskMachine.describe(task.state()));
    }
    if (!task.isCurrentRun(save.run())) {
      return TaskMachine.refused(
          task, Decision.Reason.STALE, save.label() + ": its run is no longer the current one");
    }
    if (task.run().saved().contains(save.result())) {
      return new Decision.Unchanged(task);
    }
    if (task.run().takenBack().contains(save.result())) {
      return TaskMachine.refused(
          task, Decision.Reason.STALE, save.label() + ": the result was taken back");
    }
    if (task.run().saved().size() + task.run().takenBack().size() >= TaskMachine.MAX_SAVED) {
      return TaskMachine.refused(
          task,
          Decision.Reason.ILLEGAL,
          "save_result: a run can save at most "
              + TaskMachine.MAX_SAVED
              + " results, including those taken back");
    }
    TaskBuilder builder = new TaskBuilder(task, context);
    builder.run.saved.add(save.result());
    return new Decision.Changed(builder.build());
  }

  /** Deletes saved results of the current run or of a successful one. */
  static Decision removeResults(Task task, Command.RemoveResults remove, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    List<ResultRun> removed = new ArrayList<>();
    ResultRun takenBack = task.run().savedResults().onlySaved(remove.results());
    removed.add(takenBack);
    builder.run.saved.removeAll(takenBack.ids());
    builder.run.takenBack.addAll(takenBack.ids());
    for (int i = builder.resultRuns.size() - 1; i >= 0; i--) {
      ResultRun run = builder.resultRuns.get(i);
      ResultRun remaining = run.without(remove.results());
      if (remaining.count() == 0) {
        builder.resultRuns.remove(i);
      } else {
        builder.resultRuns.set(i, remaining);
      }
      removed.add(run.onlySaved(remove.results()));
    }
    removed.removeIf(run -> run.count() == 0);
    if (removed.isEmpty()) {
      return new Decision.Unchanged(task);
    }
    builder.add(new Effect.DeleteResults(removed));
    ResultRun before = task.latestResults();
    ResultRun latest = lastOf(builder.resultRuns);
    if (before != null && latest != null && !latest.isSameSubmission(before)) {
      // The run before becomes the latest one again.
      builder.add(new Effect.StoreResults(latest, List.of(), null));
    }
    return new Decision.Changed(builder.build());
  }

  private static @Nullable ResultRun lastOf(List<ResultRun> runs) {
    return runs.isEmpty() ? null : runs.get(runs.size() - 1);
  }

  /** Deletes the results of earlier successful runs; those of the latest one stay. */
  static Decision trimResults(Task task, Command.TrimResults trim, DecisionContext context) {
    TaskBuilder builder = new TaskBuilder(task, context);
    List<ResultRun> dropped =
        task.resultRuns().stream()
            .filter(run -> !run.equals(task.latestResults()))
            .filter(run -> trim.attempts().contains(run.attempt()))
            .toList();
    if (dropped.isEmpty()) {
      return new Decision.Unchanged(task);
    }
    builder.resultRuns.removeAll(dropped);
    builder.add(new Effect.DeleteResults(dropped));
    return new Decision.Changed(builder.build());
  }
}
