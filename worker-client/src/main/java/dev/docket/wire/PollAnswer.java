package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** What {@code POST /worker/poll} answers: tasks that are already claimed for the caller. */
public record PollAnswer(List<Granted> tasks) {

  /**
   * A task with its lease.
   *
   * @param leaseSeconds how long the lease lasts without a sign of life
   * @param timeoutSeconds how long the run may take, 0 for no limit
   */
  public record Granted(
      TaskMessage.TaskPart task,
      TaskMessage.DocumentPart document,
      int attempt,
      String run,
      @JsonProperty("claim_id") String claimId,
      @JsonProperty("lease_seconds") int leaseSeconds,
      @JsonProperty("timeout_seconds") long timeoutSeconds) {}
}
