package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What the server says to one {@link ReportItem}.
 *
 * @param status 200: taken (or was taken before). 400: the item is malformed. 404: there is no such
 *     task. 409: refused, the run is not current or another worker holds it. 413: too many or too
 *     large results; the run is still open. 503: not decided, send it again.
 * @param why for people; always there when the status is not 200
 * @param state the task's state now, where known
 * @param attempt the task's attempt now, where known
 * @param leaseSeconds with a granted claim: how long the lease lasts without a sign of life
 * @param timeoutSeconds with a granted claim: how long the run may take, where there is a limit
 * @param cancelRequested whether the worker should stop and report 499
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record ReportAnswer(
    @JsonInclude int status,
    @Nullable String why,
    @Nullable Integer state,
    @Nullable Integer attempt,
    @JsonProperty("lease_seconds") @Nullable Integer leaseSeconds,
    @JsonProperty("timeout_seconds") @Nullable Long timeoutSeconds,
    @JsonProperty("cancel_requested") boolean cancelRequested) {

  /** Whether the server has taken the item. */
  public boolean taken() {
    return status == 200;
  }

  /** Whether the item was not decided and must be sent again. */
  public boolean again() {
    return status >= 500;
  }
}
