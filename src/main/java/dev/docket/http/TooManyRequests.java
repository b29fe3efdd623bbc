package dev.docket.http;

import java.io.Serial;
import java.time.Duration;

/**
 * One caller uses its whole share of what the server has for all callers. The request was not
 * performed; the client can repeat it later.
 */
public final class TooManyRequests extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  /**
   * @param message names the limit
   * @param retryAfter when the request can succeed; the response rounds it up to whole seconds
   */
  public TooManyRequests(String message, Duration retryAfter) {
    super(Kind.TOO_MANY_REQUESTS, message);
    this.retryAfter = retryAfter;
  }

  /** The {@code Retry-After} header, in seconds. */
  long retryAfterSeconds() {
    return Math.max(1, retryAfter.plusMillis(999).toSeconds());
  }
}
