package dev.docket.events;

import dev.docket.http.Problem;
import java.io.Serial;

/** No more readers are let in now; try again. */
public final class TooManyReaders extends Problem {

  @Serial private static final long serialVersionUID = 1;

  TooManyReaders(String why) {
    super(Kind.UNAVAILABLE, why);
  }
}
