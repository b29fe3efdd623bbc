package dev.docket.http;

import java.io.Serial;

/** More was sent than is read; says how much may be. */
public final class PayloadTooLarge extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public PayloadTooLarge(String message) {
    super(Kind.TOO_LARGE, message);
  }
}
