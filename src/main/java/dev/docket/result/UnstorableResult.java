package dev.docket.result;

import dev.docket.http.Problem;
import java.io.Serial;

/** The store rejects this result, and nothing was written. A retry does not help. */
public final class UnstorableResult extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public UnstorableResult(String reason) {
    super(Kind.INVALID, "the store rejects the result: " + reason);
  }
}
