package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Response body of {@code POST /worker/poll}: tasks that are already claimed for the worker. */
public record PollResponse(List<Granted> tasks) {

  /**
   * A task with its lease.
   *
   * @param leaseSeconds the length of the lease, in seconds; a heartbeat extends it
   * @param timeoutSeconds the maximum duration of the run, in seconds; 0 for no limit
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
