package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a service for the runs of its tasks; see {@link dev.docket.task.Policy}. A
 * setting that is null has the value of {@code keys:} or {@code tasks:} in the configuration.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServicePolicy(
    @Nullable Integer maxAttempts,
    @Nullable Duration backoff,
    @Nullable Duration backoffMax,
    @Nullable Duration lease,
    @Nullable Duration timeout,
    @Nullable Duration unansweredAfter) {

  /** Overrides nothing. */
  public static final ServicePolicy NONE = new ServicePolicy(null, null, null, null, null, null);
}
