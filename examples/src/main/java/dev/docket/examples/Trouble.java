package dev.docket.examples;

import org.jspecify.annotations.Nullable;

/** Ends the program; the message is all that its user is told. */
final class Trouble extends RuntimeException {

  private static final long serialVersionUID = 1;

  Trouble(String message) {
    super(message);
  }

  Trouble(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
