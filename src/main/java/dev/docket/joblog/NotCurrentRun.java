package dev.docket.joblog;

import dev.docket.http.Problem;
import dev.docket.task.Task;
import java.io.Serial;

/** Lines were sent for a run that is not the current one of its task. */
public final class NotCurrentRun extends Problem {

  @Serial private static final long serialVersionUID = 1;

  NotCurrentRun(int attempt, Task task) {
    super(
        Kind.CONFLICT,
        "attempt %d under this claim is not the current run of the task (attempt %d)"
            .formatted(attempt, task.run().attempt()));
  }
}
