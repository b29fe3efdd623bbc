package dev.docket.store;

import dev.docket.http.Problem;
import java.io.Serial;

/** The store will never take this record; nothing was written. */
public final class Unstorable extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public Unstorable(String why) {
    super(Kind.INVALID, "the store refuses it: " + why);
  }
}
