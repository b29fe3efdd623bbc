package dev.docket.http.idempotency;

import dev.docket.http.Problem;
import java.io.Serial;

/** The caller's Idempotency-Key has been used for something else. */
public final class IdempotencyKeyReused extends Problem {

  @Serial private static final long serialVersionUID = 1;

  IdempotencyKeyReused() {
    super(
        Kind.UNPROCESSABLE,
        IdempotencyKey.HEADER
            + ": this key has been used with another body; a new request needs a new key");
  }
}
