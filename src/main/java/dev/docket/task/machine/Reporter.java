package dev.docket.task.machine;

import dev.docket.task.RunRef;
import org.jspecify.annotations.Nullable;

/**
 * Who reports on a run.
 *
 * @param run the run that the report is about
 * @param claimId the claim that the report belongs to; null for workers that do not claim
 * @param worker the worker's name
 */
public record Reporter(RunRef run, @Nullable String claimId, String worker) {}
