package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/** Something that no log may show. */
public record Secret(String value) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** Null for one that is empty, as an environment variable that is not set. */
  static @Nullable Secret orNull(@Nullable Secret secret) {
    return secret == null || secret.value().isEmpty() ? null : secret;
  }

  @Override
  public String toString() {
    return "[REDACTED]";
  }
}
