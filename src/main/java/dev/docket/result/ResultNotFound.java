package dev.docket.result;

import dev.docket.http.Problem;
import java.io.Serial;

/** There is no such result, or its task has been done anew since. */
public final class ResultNotFound extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public ResultNotFound(ResultId id) {
    super(Kind.NOT_FOUND, "there is no result " + id);
  }
}
