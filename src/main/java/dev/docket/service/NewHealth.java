package dev.docket.service;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * The health of a service, as a worker or an administrator reports it.
 *
 * @param reason a sentence for people; null for none
 */
public record NewHealth(
    @NotNull HealthState state,
    @Size(max = 1_000, message = "must be at most 1000 characters long") @Nullable String reason) {}
