package dev.docket.store;

import dev.docket.http.Problem;
import java.io.Serial;

/** The store is unreachable or too busy. The operation may or may not have been performed. */
public final class StoreUnavailable extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public StoreUnavailable(String message) {
    super(Kind.UNAVAILABLE, message);
  }

  public StoreUnavailable(String message, Throwable cause) {
    super(Kind.UNAVAILABLE, message, cause);
  }
}
