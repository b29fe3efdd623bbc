package dev.docket.task.machine;

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
}
