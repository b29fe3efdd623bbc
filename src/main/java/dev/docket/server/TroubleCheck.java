package dev.docket.server;

import com.codahale.metrics.health.HealthCheck;
import java.util.Optional;
import java.util.function.Supplier;

/** A health check on the admin port: healthy while there is nothing to say. */
final class TroubleCheck extends HealthCheck {

  private final Supplier<Optional<String>> trouble;

  TroubleCheck(Supplier<Optional<String>> trouble) {
    this.trouble = trouble;
  }

  @Override
  protected Result check() {
    return trouble.get().map(Result::unhealthy).orElseGet(Result::healthy);
  }
}
