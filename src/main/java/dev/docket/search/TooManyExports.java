package dev.docket.search;

import dev.docket.http.Problem;
import java.io.Serial;

/** The maximum number of concurrent exports is running; the client should retry. */
public final class TooManyExports extends Problem {

  @Serial private static final long serialVersionUID = 1;

  TooManyExports(int maxConcurrent) {
    super(
        Kind.UNAVAILABLE, maxConcurrent + " exports are running, which is the maximum; try again");
  }
}
