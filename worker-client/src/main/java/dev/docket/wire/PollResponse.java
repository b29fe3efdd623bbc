package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Response body of {@code POST /worker/poll}: tasks that are already claimed for the worker. White
 * space may precede it: the server sends it while the poll waits.
 *
 * @param error why the poll failed after the server had begun to send the response, so that its
 *     status is 200; null if it did not fail. There are no tasks then
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PollResponse(List<Granted> tasks, @Nullable Failure error) {

  public PollResponse(List<Granted> tasks) {
    this(tasks, null);
  }

  /**
   * The failure of a poll.
   *
   * @param status the HTTP status that the response would have had
   * @param detail a human-readable reason
   */
  public record Failure(int status, @Nullable String detail) {}

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
