package dev.docket.result;

import dev.docket.http.Problem;
import java.io.Serial;

/** The result does not exist, or a later successful run of its task has replaced it. */
public final class ResultNotFound extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public ResultNotFound(ResultId id) {
    super(Kind.NOT_FOUND, "there is no result " + id);
  }
}
