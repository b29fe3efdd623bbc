package dev.docket.server;

import dev.docket.task.KeyLimits;
import dev.docket.task.Rate;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/** The limits of a task key; see {@code keys} in {@code config.yml}. */
public final class LimitConfig {

  @Setting private boolean paused;

  @Setting
  @Min(1)
  @Max(KeyLimits.MAX_CONCURRENCY)
  private @Nullable Integer concurrency;

  @Setting private @Nullable Rate rate;

  KeyLimits limits() {
    return new KeyLimits(paused ? KeyLimits.Hold.PAUSED : null, concurrency, rate);
  }
}
