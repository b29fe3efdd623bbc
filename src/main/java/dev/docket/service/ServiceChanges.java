package dev.docket.service;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.http.Problem;
import dev.docket.http.idempotency.CreationKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides what becomes of a record. The methods get the current record, if it exists, and return
 * the next one, which is the same if nothing changes; they fail with a {@link Problem} if the
 * change is not allowed.
 */
final class ServiceChanges {

  private final ServiceRegistry registry;
  private final Clock clock;

  ServiceChanges(ServiceRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** The service of a record, or as the configuration describes it. */
  Service required(ServiceSlug slug, Optional<StoredService> record) {
    return record
        .flatMap(registry::merge)
        .or(() -> registry.configured(slug))
        .orElseThrow(() -> new ServiceNotFound(slug));
  }

  /** Whether a request created the record before. */
  static boolean isRepeated(StoredService record, Optional<CreationKey> key) {
    return key.isPresent()
        && key.orElseThrow()
            .matches(
                Optional.ofNullable(record.creationKey())
                    .flatMap(CreationKey::ofText)
                    .orElse(null));
  }

  StoredService create(
      Caller by,
      ServiceSlug slug,
      ServiceSpec spec,
      Optional<CreationKey> key,
      Optional<StoredService> current) {
    if (isConfigured(slug)) {
      throw new ServiceExists(slug, "it is in the configuration of the server and read-only");
    }
    if (current.filter(record -> isRepeated(record, key)).isPresent()) {
      return current.orElseThrow();
    }
    if (current.filter(record -> record.spec() != null).isPresent()) {
      throw new ServiceExists(slug, "read and change that one, or use another slug");
    }
    if (registry.countManaged() >= ServiceRegistry.MAX_MANAGED) {
      throw new Problem(
          Problem.Kind.CONFLICT,
          "there are %d services, which is the maximum; delete those that are not used"
              .formatted(registry.countManaged()));
    }
    Instant now = clock.instant();
    return new StoredService(
        slug,
        spec,
        new Service.History(now, by.name(), now, by.name(), 1),
        current.map(StoredService::health).orElse(Health.AVAILABLE),
        key.map(CreationKey::text).orElse(null));
  }

  private boolean isConfigured(ServiceSlug slug) {
    return registry
        .configured(slug)
        .filter(service -> service.source() == Service.Source.CONFIGURED)
        .isPresent();
  }

  StoredService change(
      Caller by,
      ServiceSlug slug,
      Predicate<Service> condition,
      Function<Service, ServiceSpec> change,
      Optional<StoredService> current) {
    StoredService record = changeable(slug, current, condition);
    Service service = required(slug, current);
    ServiceSpec next = change.apply(service);
    if (next.equals(record.spec())) {
      return record;
    }
    Service.History before =
        Objects.requireNonNull(service.history(), "a described record has a history");
    return record.withSpec(
        next,
        new Service.History(
            before.createdAt(),
            before.createdBy(),
            clock.instant(),
            by.name(),
            before.revision() + 1));
  }

  /** The record of a service that can be changed over HTTP, and meets the condition. */
  StoredService changeable(
      ServiceSlug slug, Optional<StoredService> current, Predicate<Service> condition) {
    Service service = required(slug, current);
    if (service.source() != Service.Source.MANAGED) {
      throw new Problem(Problem.Kind.CONFLICT, readOnly(service));
    }
    if (!condition.test(service)) {
      throw new Problem(
          Problem.Kind.PRECONDITION_FAILED,
          "If-Match: service " + slug + " does not have this ETag; read it again");
    }
    return current.orElseThrow();
  }

  private static String readOnly(Service service) {
    return service.source() == Service.Source.CONFIGURED
        ? "service %s is in the section services of the server's configuration; change it there"
            .formatted(service.slug())
        : ("service %s has no description of its own, because its key %s is in the section keys of"
                + " the server's configuration; create it with POST /services")
            .formatted(service.slug(), service.key());
  }

  StoredService setHealth(
      Caller by, ServiceSlug slug, NewHealth health, Optional<StoredService> current) {
    Health before = current.map(StoredService::health).orElse(Health.AVAILABLE);
    boolean disables =
        health.state() == HealthState.DISABLED || before.state() == HealthState.DISABLED;
    if (disables && !by.roles().contains(Roles.ADMIN)) {
      throw new Problem(
          Problem.Kind.FORBIDDEN,
          "service %s is %s; only an administrator can disable a service or enable it again"
              .formatted(slug, before.state().wire()));
    }
    Health next = new Health(health.state(), health.reason(), clock.instant(), by.name());
    return current
        .map(record -> record.withHealth(next))
        .orElseGet(() -> StoredService.ofHealth(slug, next));
  }
}
