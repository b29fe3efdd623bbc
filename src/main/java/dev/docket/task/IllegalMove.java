package dev.docket.task;

import dev.docket.errors.Problem;
import java.io.Serial;

/** What was asked makes no sense for the task as it stands; nothing was changed. */
public final class IllegalMove extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public IllegalMove(Decision.Refused refused) {
    super(refused.reason() == Decision.Reason.GONE ? Kind.NOT_FOUND : Kind.CONFLICT, refused.why());
  }

  /** The task after the decision, or this exception if it was refused. */
  public static Task orTask(Decision decision) {
    if (decision instanceof Decision.Refused refused) {
      throw new IllegalMove(refused);
    }
    return decision.task();
  }
}
