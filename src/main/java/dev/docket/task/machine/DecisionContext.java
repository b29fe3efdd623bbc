package dev.docket.task.machine;

import dev.docket.task.KeyLimits;
import dev.docket.task.TaskSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one decision needs besides the task, passed in so that deciding is a pure function.
 *
 * @param now with a precision of milliseconds
 * @param randomToken 32 random hexadecimal digits, for the token of a new run and the ids of
 *     effects
 * @param jitter a random number from 0 to 1
 * @param protocol the worker protocol of a run that starts; null for that of the run before
 * @param limits the limits of the task's key
 * @param document the task's document as it is now, if a run may be handed out and the task's copy
 *     is older; else null
 * @param principal the principal that gave the command; null if no authenticated caller did
 */
public record DecisionContext(
    Instant now,
    String randomToken,
    double jitter,
    @Nullable String protocol,
    KeyLimits limits,
    TaskSpec.@Nullable DocumentCopy document,
    @Nullable String principal) {

  /** The context of a decision that uses the task's protocol and document, without limits. */
  public DecisionContext(Instant now, String randomToken, double jitter) {
    this(now, randomToken, jitter, null, KeyLimits.NONE, null, null);
  }

  /** A copy with the current document. */
  public DecisionContext with(TaskSpec.DocumentCopy current) {
    return new DecisionContext(now, randomToken, jitter, protocol, limits, current, principal);
  }

  /** A copy with the worker protocol of a run that starts. */
  public DecisionContext withProtocol(String next) {
    return new DecisionContext(now, randomToken, jitter, next, limits, document, principal);
  }

  /** A copy with the limits of the task's key. */
  public DecisionContext withLimits(KeyLimits ofKey) {
    return new DecisionContext(now, randomToken, jitter, protocol, ofKey, document, principal);
  }

  /** A copy for a command of this principal. */
  DecisionContext withPrincipal(String name) {
    return new DecisionContext(now, randomToken, jitter, protocol, limits, document, name);
  }
}
