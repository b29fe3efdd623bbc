package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /worker/poll}, for workers that cannot reach the broker.
 *
 * @param pollId made by the worker for each poll, {@code [A-Za-z0-9_-]{1,128}}; the same one again
 *     gets what it was granted before, and ends the wait of the first where it does not wait
 * @param keys the task keys wanted, at least one
 * @param types the target types wanted; empty for all
 * @param worker the worker's name
 * @param max the most tasks to hand over, 1 to 1000
 * @param waitSeconds how long the server may wait for the first one, 0 to 60; null for 0
 */
public record PollRequest(
    @JsonProperty("poll_id") String pollId,
    List<String> keys,
    List<String> types,
    String worker,
    int max,
    @JsonProperty("wait_s") @Nullable Integer waitSeconds) {

  /**
   * The same again, for whoever waits no longer. A server that does not know it, as it was another
   * one that was asked, grants one task in vain and not many.
   */
  public PollRequest atOnce() {
    return new PollRequest(pollId, keys, types, worker, 1, 0);
  }
}
