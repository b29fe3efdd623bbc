package dev.docket.service;

import dev.docket.audit.ActionResult;
import dev.docket.audit.Actor;
import dev.docket.audit.AuditLog;
import dev.docket.audit.Intention;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import dev.docket.http.idempotency.CreationKey;
import dev.docket.store.Versioned;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Creates, changes and deletes services. A change is effective on this server when the stage
 * completes, and on every other one within five seconds. Stages fail with {@link
 * dev.docket.store.StoreUnavailable} if the outcome is unknown.
 */
public final class ServiceService {

  private final ServiceRegistry registry;
  private final ServiceWrites writes;
  private final AuditLog audit;
  private final Clock clock;

  public ServiceService(
      ServiceStore store,
      ServiceRegistry registry,
      ServiceListener listener,
      AuditLog audit,
      Clock clock) {
    this.registry = registry;
    this.writes = new ServiceWrites(store, registry, listener);
    this.audit = audit;
    this.clock = clock;
  }

  /** A caller, with the origin of its request. */
  public record Request(Caller caller, RequestOrigin origin) {}

  /** Returns a service as it is now; fails with a {@link Problem} if it does not exist. */
  public CompletionStage<Service> get(ServiceSlug slug) {
    return writes.read(slug).thenApply(found -> required(slug, found));
  }

  private Service required(ServiceSlug slug, Optional<Versioned<StoredService>> found) {
    return found
        .flatMap(record -> registry.merge(record.value()))
        .or(() -> registry.configured(slug))
        .orElseThrow(() -> new ServiceNotFound(slug));
  }

  /**
   * Creates a service. A repeated request with the same key and body gets the existing service.
   *
   * @param key the idempotency key of the request, if it has one
   * @return fails with a {@link Problem} if the slug is taken
   */
  public CompletionStage<Service> create(
      Request by, ServiceSlug slug, ServiceSpec spec, Optional<CreationKey> key) {
    TaskKeyForbidden.check(by.caller(), slug.key().value());
    return writes
        .read(slug)
        .thenCompose(
            found ->
                found.filter(record -> isRepeated(record.value(), key)).isPresent()
                    ? CompletableFuture.completedStage(required(slug, found))
                    : audited(by, "service.create", slug, found, creation(by, slug, spec, key)));
  }

  private static boolean isRepeated(StoredService record, Optional<CreationKey> key) {
    return key.isPresent()
        && key.orElseThrow()
            .matches(
                Optional.ofNullable(record.creationKey())
                    .flatMap(CreationKey::ofText)
                    .orElse(null));
  }

  private Function<Optional<StoredService>, Optional<StoredService>> creation(
      Request by, ServiceSlug slug, ServiceSpec spec, Optional<CreationKey> key) {
    return current -> {
      if (isConfigured(slug)) {
        throw new ServiceExists(slug, "it is in the configuration of the server and read-only");
      }
      if (current.filter(record -> isRepeated(record, key)).isPresent()) {
        return current;
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
      return Optional.of(
          new StoredService(
              slug,
              spec,
              new Service.History(now, by.caller().name(), now, by.caller().name(), 1),
              current.map(StoredService::health).orElse(Health.AVAILABLE),
              key.map(CreationKey::text).orElse(null)));
    };
  }

  private boolean isConfigured(ServiceSlug slug) {
    return registry
        .configured(slug)
        .filter(service -> service.source() == Service.Source.CONFIGURED)
        .isPresent();
  }

  /**
   * Changes the description of a service if the condition holds; otherwise fails with a {@link
   * Problem}. After a conflict with another write, reads the service and decides again.
   *
   * @param change returns the new description; the stage fails with what it throws
   */
  public CompletionStage<Service> change(
      Request by,
      ServiceSlug slug,
      Predicate<Service> condition,
      Function<Service, ServiceSpec> change) {
    TaskKeyForbidden.check(by.caller(), slug.key().value());
    return writes
        .read(slug)
        .thenCompose(
            found ->
                audited(
                    by,
                    "service.change",
                    slug,
                    found,
                    current -> {
                      StoredService record = changeable(slug, current, condition);
                      ServiceSpec next = change.apply(required(record));
                      return Optional.of(
                          next.equals(record.spec()) ? record : revised(record, next, by.caller()));
                    }));
  }

  private StoredService revised(StoredService record, ServiceSpec next, Caller by) {
    Service.History before = required(record).history();
    if (before == null) {
      throw new IllegalStateException("a described record has a history: " + record.slug());
    }
    return record.withSpec(
        next,
        new Service.History(
            before.createdAt(),
            before.createdBy(),
            clock.instant(),
            by.name(),
            before.revision() + 1));
  }

  private Service required(StoredService record) {
    return registry.merge(record).orElseThrow(() -> new ServiceNotFound(record.slug()));
  }

  /** The record of a service that can be changed over HTTP. */
  private StoredService changeable(
      ServiceSlug slug, Optional<StoredService> current, Predicate<Service> condition) {
    Service service =
        current
            .flatMap(registry::merge)
            .or(() -> registry.configured(slug))
            .orElseThrow(() -> new ServiceNotFound(slug));
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

  /** Deletes a service if the condition holds; otherwise fails with a {@link Problem}. */
  public CompletionStage<?> delete(Request by, ServiceSlug slug, Predicate<Service> condition) {
    TaskKeyForbidden.check(by.caller(), slug.key().value());
    return writes
        .read(slug)
        .thenCompose(
            found -> {
              required(slug, found);
              return audit.perform(
                  intention(by, "service.delete", slug, found),
                  () ->
                      writes.write(
                          slug,
                          current -> {
                            changeable(slug, current, condition);
                            return Optional.empty();
                          }),
                  deleted -> ActionResult.done(null));
            });
  }

  /**
   * Sets the health of a service, in the configuration or not.
   *
   * @return fails with a {@link Problem} if a caller that is no administrator begins or ends the
   *     state {@link HealthState#DISABLED}
   */
  public CompletionStage<Service> setHealth(Request by, ServiceSlug slug, NewHealth health) {
    TaskKeyForbidden.check(by.caller(), slug.key().value());
    return writes
        .read(slug)
        .thenCompose(
            found -> {
              Health before = required(slug, found).health();
              return before.state() == health.state()
                      && Objects.equals(before.reason(), health.reason())
                  ? CompletableFuture.completedStage(required(slug, found))
                  : audited(
                      by,
                      "service.health",
                      slug,
                      found,
                      current -> health(by, slug, current, health));
            });
  }

  private Optional<StoredService> health(
      Request by, ServiceSlug slug, Optional<StoredService> current, NewHealth health) {
    Health before = current.map(StoredService::health).orElse(Health.AVAILABLE);
    boolean disables =
        health.state() == HealthState.DISABLED || before.state() == HealthState.DISABLED;
    if (disables && !by.caller().roles().contains(Roles.ADMIN)) {
      throw new Problem(
          Problem.Kind.FORBIDDEN,
          "service %s is %s; only an administrator can disable a service or enable it again"
              .formatted(slug, before.state().wire()));
    }
    Health next = new Health(health.state(), health.reason(), clock.instant(), by.caller().name());
    return Optional.of(
        current
            .map(record -> record.withHealth(next))
            .orElseGet(() -> StoredService.ofHealth(slug, next)));
  }

  private CompletionStage<Service> audited(
      Request by,
      String action,
      ServiceSlug slug,
      Optional<Versioned<StoredService>> before,
      Function<Optional<StoredService>, Optional<StoredService>> change) {
    if (!action.equals("service.create")) {
      required(slug, before);
    }
    return audit
        .perform(
            intention(by, action, slug, before),
            () -> writes.write(slug, change),
            after -> ActionResult.done(state(after.orElseThrow())))
        .thenApply(after -> required(after.orElseThrow()));
  }

  private Intention intention(
      Request by, String action, ServiceSlug slug, Optional<Versioned<StoredService>> before) {
    return new Intention(
        Actor.of(by.caller(), by.origin()),
        action,
        "service",
        slug.value(),
        before.map(found -> state(found.value())).orElse(null));
  }

  private static Map<String, @Nullable Object> state(StoredService record) {
    Map<String, @Nullable Object> state = new LinkedHashMap<>();
    Service.History history = record.history();
    if (history != null) {
      state.put("revision", history.revision());
    }
    if (record.spec() != null && record.spec().protocol() != null) {
      state.put("protocol", record.spec().protocol());
    }
    state.put("health", record.health().state().wire());
    return state;
  }
}
