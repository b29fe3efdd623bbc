package dev.docket.events;

import dev.docket.http.Problem;
import java.io.Serial;

/** No more readers are let in now; try again. */
public final class TooManyEventStreams extends Problem {

  @Serial private static final long serialVersionUID = 1;

  TooManyEventStreams(String why) {
    super(Kind.UNAVAILABLE, why);
  }
}
