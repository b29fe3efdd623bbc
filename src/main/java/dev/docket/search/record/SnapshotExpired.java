package dev.docket.search.record;

import dev.docket.http.Problem;
import java.io.Serial;

/** The snapshot does not exist any longer. */
public final class SnapshotExpired extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public SnapshotExpired(String message) {
    super(Kind.NOT_FOUND, message);
  }
}
