package dev.docket.http;

import java.io.Serial;

/** The request exceeds a size limit, which the message names. */
public final class PayloadTooLarge extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public PayloadTooLarge(String message) {
    super(Kind.TOO_LARGE, message);
  }
}
