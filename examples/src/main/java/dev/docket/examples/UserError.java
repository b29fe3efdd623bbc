package dev.docket.examples;

import org.jspecify.annotations.Nullable;

/** Ends the program with exit status 1. The user sees the message, but no stack trace. */
final class UserError extends RuntimeException {

  private static final long serialVersionUID = 1;

  UserError(String message) {
    super(message);
  }

  UserError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
