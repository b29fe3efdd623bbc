package dev.docket.server;

import com.codahale.metrics.health.HealthCheck;
import java.util.Optional;
import java.util.function.Supplier;

/** A health check on the admin port. Unhealthy while its supplier reports an error. */
final class ErrorHealthCheck extends HealthCheck {

  private final Supplier<Optional<String>> healthError;

  ErrorHealthCheck(Supplier<Optional<String>> healthError) {
    this.healthError = healthError;
  }

  @Override
  protected Result check() {
    return healthError.get().map(Result::unhealthy).orElseGet(Result::healthy);
  }
}
