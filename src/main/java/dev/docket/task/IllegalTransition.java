package dev.docket.task;

import dev.docket.http.Problem;
import dev.docket.task.machine.Decision;
import java.io.Serial;

/** What was asked makes no sense for the task as it stands; nothing was changed. */
public final class IllegalTransition extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private final transient Decision.Refused refused;

  public IllegalTransition(Decision.Refused refused) {
    super(refused.reason() == Decision.Reason.GONE ? Kind.NOT_FOUND : Kind.CONFLICT, refused.why());
    this.refused = refused;
  }

  /** Whether the run that was meant is over, or the task is going. */
  public boolean tooLate() {
    return refused.reason() == Decision.Reason.GONE || refused.reason() == Decision.Reason.STALE;
  }

  /** The task after the decision, or this exception if it was refused. */
  public static Task orTask(Decision decision) {
    if (decision instanceof Decision.Refused refused) {
      throw new IllegalTransition(refused);
    }
    return decision.task();
  }
}
