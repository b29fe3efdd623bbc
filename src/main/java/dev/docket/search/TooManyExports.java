package dev.docket.search;

import dev.docket.http.Problem;
import java.io.Serial;

/** As many exports as may run at once are running; try again. */
public final class TooManyExports extends Problem {

  @Serial private static final long serialVersionUID = 1;

  TooManyExports(int atOnce) {
    super(Kind.UNAVAILABLE, atOnce + " exports are running, and no more may at once; try again");
  }
}
