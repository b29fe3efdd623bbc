package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a waiting task does when one of its dependencies has failed for good. */
public enum OnDependencyFailure {
  /** It ends with 424, and runs if the dependency is retried and succeeds. */
  @JsonProperty("fail")
  FAIL,
  /** It runs, as if the dependency had succeeded. */
  @JsonProperty("run")
  RUN,
  /** It keeps waiting. */
  @JsonProperty("wait")
  WAIT
}
