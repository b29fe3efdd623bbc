package dev.docket.result;

import dev.docket.http.Problem;
import java.io.Serial;

/** The run of a result ended while the result was being saved, so the result was discarded. */
public final class RunEnded extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public RunEnded(Result result) {
    super(
        Kind.CONFLICT,
        "attempt " + result.attempt() + " of task " + result.taskId() + " has ended");
  }
}
