package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;

/** A value that must not appear in logs. */
public record Secret(String value) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Secret of(String value) {
    return new Secret(value);
  }

  @Override
  public String toString() {
    return "[REDACTED]";
  }
}
