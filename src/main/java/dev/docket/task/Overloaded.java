package dev.docket.task;

import dev.docket.http.Problem;
import java.io.Serial;

/** More is under way than memory should hold; nothing was done, try again. */
public final class Overloaded extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public Overloaded() {
    super(Kind.UNAVAILABLE, "too much is waiting for the store, try again");
  }
}
