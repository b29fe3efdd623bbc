package dev.docket.examples;

import org.jspecify.annotations.Nullable;

/** Ends the program; the message is all that its user is told. */
final class UserError extends RuntimeException {

  private static final long serialVersionUID = 1;

  UserError(String message) {
    super(message);
  }

  UserError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
