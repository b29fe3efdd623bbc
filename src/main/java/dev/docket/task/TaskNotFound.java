package dev.docket.task;

import dev.docket.http.Problem;
import java.io.Serial;

/** The task does not exist, or it is being deleted. */
public final class TaskNotFound extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public TaskNotFound(TaskId id) {
    super(Kind.NOT_FOUND, "there is no task " + id);
  }
}
