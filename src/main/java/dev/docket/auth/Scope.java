package dev.docket.auth;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose records a role may see or change. Each scope includes the ones before it. */
public enum Scope {
  /** The caller's own records. */
  @JsonProperty("own")
  OWN,

  /** Also the records of the caller's group. */
  @JsonProperty("group")
  GROUP,

  /** All records. */
  @JsonProperty("all")
  ALL
}
