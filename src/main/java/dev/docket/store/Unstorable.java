package dev.docket.store;

import dev.docket.http.Problem;
import java.io.Serial;

/** The store cannot store this record, and nothing was written. A retry does not help. */
public final class Unstorable extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public Unstorable(String what, String reason) {
    super(Kind.INVALID, "the store rejects the " + what + ": " + reason);
  }
}
