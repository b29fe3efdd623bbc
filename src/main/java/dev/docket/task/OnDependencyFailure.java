package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a waiting task does when a task it waits for has failed for good. */
public enum OnDependencyFailure {
  /** It ends with 424, and comes back if that one is retried and succeeds. */
  @JsonProperty("fail")
  FAIL,
  /** It takes the failed one for done and runs. */
  @JsonProperty("run")
  RUN,
  /** It goes on waiting. */
  @JsonProperty("wait")
  WAIT
}
