package dev.docket.task;

import dev.docket.http.Problem;
import dev.docket.task.machine.Decision;
import java.io.Serial;

/** The task does not allow the command in its current state; nothing was changed. */
public final class IllegalTransition extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public IllegalTransition(Decision.Refused refused) {
    super(
        refused.reason() == Decision.Reason.GONE ? Kind.NOT_FOUND : Kind.CONFLICT,
        refused.detail());
  }

  /**
   * Returns the task after the decision.
   *
   * @throws IllegalTransition if the command was refused
   */
  public static Task taskOrThrow(Decision decision) {
    if (decision instanceof Decision.Refused refused) {
      throw new IllegalTransition(refused);
    }
    return decision.task();
  }
}
