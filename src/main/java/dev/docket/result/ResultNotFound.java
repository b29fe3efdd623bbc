package dev.docket.result;

import dev.docket.http.Problem;
import dev.docket.task.ResultId;
import java.io.Serial;

/** The result does not exist, or it is not one of a successful run that its task lists. */
public final class ResultNotFound extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public ResultNotFound(ResultId id) {
    super(Kind.NOT_FOUND, "there is no result " + id);
  }
}
