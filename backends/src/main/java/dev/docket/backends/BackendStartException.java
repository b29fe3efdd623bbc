package dev.docket.backends;

import org.jspecify.annotations.Nullable;

/**
 * A backend is missing or did not start; the message says what to do, or quotes the end of its log.
 */
public final class BackendStartException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public BackendStartException(String message) {
    super(message);
  }

  public BackendStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
