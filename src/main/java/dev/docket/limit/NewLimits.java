package dev.docket.limit;

import dev.docket.task.KeyLimits;
import dev.docket.task.Rate;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a key in a request. An omitted one is no limit.
 *
 * @param paused null keeps what it is
 * @param concurrency the number of runs that may be handed out at the same time
 */
public record NewLimits(
    @Nullable Boolean paused,
    @Min(1) @Max(KeyLimits.MAX_CONCURRENCY) @Nullable Integer concurrency,
    @Nullable Rate rate) {}
