package dev.docket.http.idempotency;

import dev.docket.http.Problem;
import java.io.Serial;

/** The Idempotency-Key was used before, for a request with a different body. */
public final class IdempotencyKeyReused extends Problem {

  @Serial private static final long serialVersionUID = 1;

  IdempotencyKeyReused() {
    super(
        Kind.UNPROCESSABLE,
        IdempotencyKey.HEADER
            + ": this key was used with a different body; use a new key for a new request");
  }
}
