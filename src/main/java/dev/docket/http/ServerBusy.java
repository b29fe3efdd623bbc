package dev.docket.http;

import java.io.Serial;

/** So much is under way that no more is taken now; the same may be sent again. */
public final class ServerBusy extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public ServerBusy(String message) {
    super(Kind.UNAVAILABLE, message);
  }
}
