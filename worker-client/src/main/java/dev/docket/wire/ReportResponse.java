package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The server's response to one {@link ReportItem}.
 *
 * @param status 200: accepted, now or earlier. 400: the item is malformed. 404: the task does not
 *     exist. 409: rejected, because the run is not current or another worker holds its lease. 413:
 *     too many results, or results that are too large; the run is still open. 429 and 503:
 *     undecided; the worker sends the item again.
 * @param why a human-readable reason; always present when the status is not 200. With 200, what the
 *     worker should know
 * @param state the task's current state, if known
 * @param attempt the task's current attempt, if known
 * @param leaseSeconds for a granted claim: the length of the lease, in seconds; a heartbeat extends
 *     it
 * @param timeoutSeconds for a granted claim: the maximum duration of the run, in seconds, if there
 *     is a limit
 * @param document for a granted claim: the document as the server has read it, if its content has
 *     changed since it was registered; it replaces the one in the message
 * @param cancelRequested whether the worker should stop the run and report 499
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record ReportResponse(
    @JsonInclude int status,
    @Nullable String why,
    @Nullable Integer state,
    @Nullable Integer attempt,
    @JsonProperty("lease_seconds") @Nullable Integer leaseSeconds,
    @JsonProperty("timeout_seconds") @Nullable Long timeoutSeconds,
    @JsonProperty("document") TaskMessage.@Nullable DocumentPart document,
    @JsonProperty("cancel_requested") boolean cancelRequested) {

  /** A response without a document. */
  public ReportResponse(
      int status,
      @Nullable String why,
      @Nullable Integer state,
      @Nullable Integer attempt,
      @Nullable Integer leaseSeconds,
      @Nullable Long timeoutSeconds,
      boolean cancelRequested) {
    this(status, why, state, attempt, leaseSeconds, timeoutSeconds, null, cancelRequested);
  }

  /** Whether the server accepted the item. */
  public boolean accepted() {
    return status == 200;
  }

  /** Whether the server did not decide the item, so that it must be sent again. */
  public boolean undecided() {
    return status >= 500 || status == 429;
  }
}
