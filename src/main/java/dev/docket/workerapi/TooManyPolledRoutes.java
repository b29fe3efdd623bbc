package dev.docket.workerapi;

import dev.docket.auth.Caller;
import dev.docket.http.Problem;
import dev.docket.task.Route;
import java.io.Serial;

/** A caller polls its maximum number of queues. A retry does not help. */
final class TooManyPolledRoutes extends Problem {

  @Serial private static final long serialVersionUID = 1;

  TooManyPolledRoutes(Route route, Caller caller, int max) {
    super(
        Kind.UNPROCESSABLE,
        ("the poll needs the queue of %s, and %s has polled %d queues since this server started,"
                + " which is the maximum (callers.maxPolledQueues); poll for fewer keys and types,"
                + " or add the key to keys in the server's configuration")
            .formatted(route, caller.name(), max));
  }
}
