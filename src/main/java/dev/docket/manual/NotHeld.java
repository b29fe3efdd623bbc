package dev.docket.manual;

import dev.docket.http.Problem;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** A person does not hold the run of a task that they want to end. */
public final class NotHeld extends Problem {

  @Serial private static final long serialVersionUID = 1;

  NotHeld(Task task) {
    super(Kind.CONFLICT, reason(task), List.of(), Map.of("state", task.state().number()));
  }

  private static String reason(Task task) {
    Lease lease = task.run().lease();
    if (task.state().isFinished()) {
      return "the task has already ended with " + task.state().number() + " " + task.state().name();
    }
    if (!task.run().isManual()) {
      return "a program does this task now, not a person";
    }
    return lease == null
        ? "you no longer hold the task: it was given back, or an operator has opened it again"
        : "this page is about an earlier attempt; now " + lease.worker() + " holds the task";
  }
}
