package dev.docket.result;

import dev.docket.http.Problem;
import java.io.Serial;

/** An upload must be continued at another offset. */
public final class WrongOffset extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private final long expected;

  public WrongOffset(long expected) {
    super(Kind.CONFLICT, "the upload must be continued at offset " + expected);
    this.expected = expected;
  }

  /** The offset at which the upload must be continued, in bytes. */
  public long expected() {
    return expected;
  }
}
