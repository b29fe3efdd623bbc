package dev.docket.http;

import java.io.Serial;

/** More was sent than is read; says how much may be. */
public final class TooLarge extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public TooLarge(String message) {
    super(Kind.TOO_LARGE, message);
  }
}
