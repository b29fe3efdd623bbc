package dev.docket.task;

import dev.docket.http.Problem;
import java.io.Serial;

/** Too many commands are pending; this one was not executed and may be retried. */
public final class Overloaded extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public Overloaded() {
    super(Kind.UNAVAILABLE, "too many writes are waiting for the store; try again");
  }
}
