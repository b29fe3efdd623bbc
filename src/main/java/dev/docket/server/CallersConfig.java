package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.guard.RequestRate;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Limits for each caller, which is each API key, on one server. */
public final class CallersConfig {

  private static final int MAX = 1_000_000;

  @JsonProperty("maxNewKeys")
  @Min(1)
  @Max(MAX)
  private int maxNewKeys = 1000;

  @JsonProperty("maxPolledQueues")
  @Min(1)
  @Max(MAX)
  private int maxPolledQueues = 1000;

  @JsonProperty("requestsPerSecond")
  @Min(0)
  @Max(MAX)
  private int requestsPerSecond = 0;

  @JsonProperty("burst")
  @Min(1)
  @Max(MAX)
  private int burst = 100;

  /** The number of task keys that a caller can introduce since the start of the server. */
  public int maxNewKeys() {
    return maxNewKeys;
  }

  /** The number of queues of keys without configuration that a caller can poll. */
  public int maxPolledQueues() {
    return maxPolledQueues;
  }

  /** The rate of requests that a caller may send. */
  public RequestRate rate() {
    return new RequestRate(requestsPerSecond, burst);
  }
}
