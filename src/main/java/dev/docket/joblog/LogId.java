package dev.docket.joblog;

import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;

/** Names the log of a run. */
public record LogId(TaskId task, RunRef run) {

  /** The log of the task's current run. */
  public static LogId of(Task task) {
    return new LogId(task.id(), task.run().ref());
  }

  int attempt() {
    return run.attempt();
  }

  /** Without the token of the run, which must not appear in the server's log. */
  @Override
  public String toString() {
    return task + " (attempt " + run.attempt() + ")";
  }
}
