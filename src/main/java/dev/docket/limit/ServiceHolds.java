package dev.docket.limit;

import dev.docket.service.HealthState;
import dev.docket.service.Service;
import dev.docket.service.ServiceRegistry;
import dev.docket.task.KeyLimits;
import dev.docket.task.TaskKey;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys whose service is not available. */
public record ServiceHolds(ServiceRegistry services) implements KeyHolds {

  @Override
  public Optional<KeyLimits.Hold> of(TaskKey key) {
    return services.find(key).map(service -> service.health().state()).flatMap(ServiceHolds::hold);
  }

  @Override
  public Set<TaskKey> keys() {
    return services.all().values().stream()
        .filter(service -> !service.health().isAvailable())
        .map(Service::key)
        .collect(Collectors.toSet());
  }

  private static Optional<KeyLimits.Hold> hold(HealthState state) {
    return switch (state) {
      case AVAILABLE -> Optional.empty();
      case SLEEPING -> Optional.of(KeyLimits.Hold.SERVICE_SLEEPING);
      case UNAVAILABLE -> Optional.of(KeyLimits.Hold.SERVICE_UNAVAILABLE);
      case DISABLED -> Optional.of(KeyLimits.Hold.SERVICE_DISABLED);
    };
  }
}
