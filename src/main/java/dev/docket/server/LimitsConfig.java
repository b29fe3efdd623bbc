package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.docket.guard.RequestRate;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * Limits of each API key; see {@code config.yml}.
 *
 * @param requestsPerSecond 0 means no limit
 * @param burst requests that may arrive at once
 */
public record LimitsConfig(
    @Min(0) @Max(1_000_000) int requestsPerSecond, @Min(1) @Max(1_000_000) int burst) {

  /** Applies defaults to omitted settings. */
  @JsonCreator
  static LimitsConfig of(@Nullable Integer requestsPerSecond, @Nullable Integer burst) {
    int rate = requestsPerSecond == null ? 0 : requestsPerSecond;
    return new LimitsConfig(rate, burst == null ? Math.max(1, rate) : burst);
  }

  static LimitsConfig defaults() {
    return of(null, null);
  }

  RequestRate rate() {
    return new RequestRate(requestsPerSecond, burst);
  }
}
