package dev.docket.backends;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a backend is not installed or does not start. The message says how to fix it, or
 * quotes the end of the backend's log.
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
