package dev.docket.search;

import dev.docket.store.StoreUnavailable;
import java.io.IOException;
import java.io.Serial;

/**
 * An answer was begun and cannot be ended. It is in the log already; if a part of the answer has
 * gone out, the connection is to be cut.
 */
final class Severed extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final RuntimeException why;

  Severed(RuntimeException why) {
    super(why);
    this.why = why;
  }

  Severed(IOException gone) {
    super(gone);
    this.why = new StoreUnavailable("the answer cannot be sent", gone);
  }

  /** For a caller to whom nothing has gone out. */
  RuntimeException why() {
    return why;
  }
}
