package dev.docket.auth.key;

import dev.docket.http.Problem;
import java.io.Serial;

/** There is no API key with this id. */
final class KeyNotFound extends Problem {

  @Serial private static final long serialVersionUID = 1;

  KeyNotFound(String id) {
    super(Kind.NOT_FOUND, "there is no API key with the id " + id);
  }
}
