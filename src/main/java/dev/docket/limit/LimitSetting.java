package dev.docket.limit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.docket.task.KeyLimits;
import dev.docket.task.Rate;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a key as people set them over HTTP, instead of those of the configuration. The
 * record is never removed.
 *
 * @param id the key
 * @param configured whether the limits of the configuration apply again, and not these
 */
public record LimitSetting(
    TaskKey id,
    boolean paused,
    @Nullable Integer concurrency,
    @Nullable Rate rate,
    boolean configured,
    Instant changedAt,
    String changedBy) {

  /** Whether the limits are the same, set at any time by anybody. */
  boolean isSameAs(LimitSetting other) {
    return configured == other.configured && limits().equals(other.limits());
  }

  /** What the audit says of the setting. */
  Map<String, @Nullable Object> state() {
    Map<String, @Nullable Object> state = new LinkedHashMap<>();
    state.put("paused", paused);
    state.put("concurrency", concurrency);
    state.put("rate", rate == null ? null : rate.toString());
    state.put("configured", configured);
    return state;
  }

  /** The limits. */
  @JsonIgnore
  KeyLimits limits() {
    return new KeyLimits(paused ? KeyLimits.Hold.PAUSED : null, concurrency, rate);
  }
}
