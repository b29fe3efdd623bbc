package dev.docket.http;

import java.io.Serial;

/** The server has reached a limit for concurrent work; the client can retry the request. */
public final class ServerBusy extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public ServerBusy(String message) {
    super(Kind.UNAVAILABLE, message);
  }
}
