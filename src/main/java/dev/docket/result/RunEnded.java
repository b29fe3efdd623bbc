package dev.docket.result;

import dev.docket.http.Problem;
import java.io.Serial;

/** The run that a result was saved under has ended meanwhile, so the result is not kept. */
public final class RunEnded extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public RunEnded(Result result) {
    super(
        Kind.CONFLICT,
        "attempt " + result.attempt() + " of task " + result.taskId() + " has ended meanwhile");
  }
}
