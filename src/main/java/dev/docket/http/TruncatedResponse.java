package dev.docket.http;

import java.io.IOException;
import java.io.Serial;

/**
 * A streamed response failed and cannot be completed. The code that throws it has logged the
 * failure.
 *
 * <p>If part of the response was sent, {@link TruncatingInterceptor} aborts the connection, so that
 * no client takes the response for complete. Otherwise the client gets the {@link #problem}.
 */
public final class TruncatedResponse extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final RuntimeException problem;

  /** The source of the response failed. */
  public TruncatedResponse(RuntimeException problem) {
    super(problem);
    this.problem = problem;
  }

  /** The client cannot be written to. */
  public TruncatedResponse(IOException disconnected) {
    super(disconnected);
    this.problem = new ResponseNotSent("the response cannot be sent: " + disconnected.getMessage());
  }

  /** The error for a client that has received nothing. */
  RuntimeException problem() {
    return problem;
  }

  /** Reaches a client only if nothing of the response was sent, and the connection still works. */
  private static final class ResponseNotSent extends Problem {
    @Serial private static final long serialVersionUID = 1;

    private ResponseNotSent(String message) {
      super(Kind.UNAVAILABLE, message);
    }
  }
}
