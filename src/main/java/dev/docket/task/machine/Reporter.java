package dev.docket.task.machine;

import dev.docket.auth.Caller;
import dev.docket.task.RunRef;
import org.jspecify.annotations.Nullable;

/**
 * Who reports on a run.
 *
 * @param run the run that the report is about
 * @param claimId the claim that the report belongs to; null for workers that do not claim
 * @param worker the name that the worker gave itself
 * @param principal the authenticated principal that sent the report; null for reports over the
 *     broker
 */
public record Reporter(
    RunRef run, @Nullable String claimId, String worker, @Nullable String principal) {

  /** A reporter without a principal. */
  public Reporter(RunRef run, @Nullable String claimId, String worker) {
    this(run, claimId, worker, null);
  }

  /**
   * This reporter as a person who claims a task. The name is that of the principal, so that nobody
   * claims in the name of another; if the server requires no credentials, it is the given one.
   */
  Reporter asPerson() {
    return principal == null || principal.equals(Caller.ANONYMOUS.name())
        ? this
        : new Reporter(run, claimId, principal, principal);
  }
}
