package dev.docket.store;

import dev.docket.http.Problem;
import java.io.Serial;

/** The store could not be reached or is too busy; what was asked may or may not have happened. */
public final class StoreUnavailable extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public StoreUnavailable(String message) {
    super(Kind.UNAVAILABLE, message);
  }

  public StoreUnavailable(String message, Throwable cause) {
    super(Kind.UNAVAILABLE, message, cause);
  }
}
