package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A task's retry settings, which override the policy of its key.
 *
 * @param maxAttempts the number of failed runs after which the task fails
 * @param backoff the delay after the first failure; it doubles with each failure
 */
public record Retry(
    @JsonProperty("max_attempts") @Min(1) @Max(1000) @Nullable Integer maxAttempts,
    @Nullable Duration backoff) {}
