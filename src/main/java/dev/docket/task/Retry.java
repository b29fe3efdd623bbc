package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often a task is tried, where it differs from its key's policy.
 *
 * @param maxAttempts the failed run that is the last one; 3 means that the third failure ends it
 * @param backoff the pause after the first failure; it doubles with each
 */
public record Retry(
    @JsonProperty("max_attempts") @Min(1) @Max(1000) @Nullable Integer maxAttempts,
    @Nullable Duration backoff) {}
