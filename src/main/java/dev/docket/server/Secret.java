package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/** A value that must not appear in logs. */
public record Secret(String value) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** Null for an empty secret, which results from an environment variable that is not set. */
  static @Nullable Secret orNull(@Nullable Secret secret) {
    return secret == null || secret.value().isEmpty() ? null : secret;
  }

  @Override
  public String toString() {
    return "[REDACTED]";
  }
}
