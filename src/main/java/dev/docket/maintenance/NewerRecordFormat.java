package dev.docket.maintenance;

import java.io.Serial;

/** A server of a newer release has run. The message says what to do. */
public final class NewerRecordFormat extends IllegalStateException {

  @Serial private static final long serialVersionUID = 1;

  NewerRecordFormat(int stored) {
    super(
        "the records have format "
            + stored
            + ", but this server supports format "
            + RecordFormat.CURRENT
            + ": a server of a newer release has run; stop all servers and start them with that"
            + " release (see Upgrade in docs/deploy.md)");
  }
}
