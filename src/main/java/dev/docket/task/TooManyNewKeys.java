package dev.docket.task;

import dev.docket.http.Problem;
import java.io.Serial;

/** The submitter has introduced its maximum number of task keys. A retry does not help. */
public final class TooManyNewKeys extends Problem {

  @Serial private static final long serialVersionUID = 1;

  TooManyNewKeys(TaskKey key, String submitter, int max) {
    super(
        Kind.UNPROCESSABLE,
        ("there is no task with the key %s yet, and %s has introduced %d keys since this server"
                + " started, which is the maximum (callers.maxNewKeys); check the key, or add it to"
                + " keys in the server's configuration")
            .formatted(key, submitter, max));
  }
}
