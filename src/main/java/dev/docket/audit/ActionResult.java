package dev.docket.audit;

import dev.docket.audit.AuditRecord.Outcome;
import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The end of an audited action.
 *
 * @param after the state of the record after the action, in JSON; null if it is unknown or does not
 *     exist
 * @param detail why the action was refused, or why its outcome is unknown
 */
public record ActionResult(
    Outcome outcome, @Nullable Map<String, @Nullable Object> after, @Nullable String detail) {

  /** The action was performed. */
  public static ActionResult done(@Nullable Map<String, @Nullable Object> after) {
    return new ActionResult(Outcome.DONE, after, null);
  }

  /** There was nothing to do. */
  public static ActionResult unchanged(@Nullable Map<String, @Nullable Object> state) {
    return new ActionResult(Outcome.UNCHANGED, state, null);
  }

  /** The action was not allowed. */
  public static ActionResult refused(
      @Nullable Map<String, @Nullable Object> state, @Nullable String detail) {
    return new ActionResult(Outcome.REFUSED, state, detail);
  }

  /** The action failed: a {@link Problem} of the request is a refusal. */
  static ActionResult failed(Throwable failure, @Nullable Map<String, @Nullable Object> before) {
    Throwable cause = Stages.cause(failure);
    if (!(cause instanceof Problem problem)) {
      return new ActionResult(Outcome.UNKNOWN, null, "unexpected error");
    }
    return switch (problem.kind()) {
      case UNAVAILABLE -> new ActionResult(Outcome.UNKNOWN, null, problem.getMessage());
      case INVALID,
          FORBIDDEN,
          NOT_FOUND,
          CONFLICT,
          PRECONDITION_FAILED,
          TOO_LARGE,
          UNPROCESSABLE,
          TOO_MANY_REQUESTS ->
          refused(before, problem.getMessage());
    };
  }
}
