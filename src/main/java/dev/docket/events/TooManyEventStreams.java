package dev.docket.events;

import dev.docket.http.Problem;
import java.io.Serial;

/** The server accepts no more event streams at present; the client can retry. */
public final class TooManyEventStreams extends Problem {

  @Serial private static final long serialVersionUID = 1;

  TooManyEventStreams(String reason) {
    super(Kind.UNAVAILABLE, reason);
  }
}
