package dev.docket.result;

import dev.docket.http.Problem;
import java.io.Serial;

/** The store refuses a result for good. */
public final class UnstorableResult extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public UnstorableResult(String why) {
    super(Kind.INVALID, "the result cannot be stored: " + why);
  }
}
