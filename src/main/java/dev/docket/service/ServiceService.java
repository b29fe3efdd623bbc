package dev.docket.service;

import dev.docket.audit.ActionResult;
import dev.docket.audit.Actor;
import dev.docket.audit.AuditLog;
import dev.docket.audit.Intention;
import dev.docket.auth.Caller;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import dev.docket.http.idempotency.CreationKey;
import dev.docket.store.Versioned;
import java.time.Clock;
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

  private final ServiceWrites writes;
  private final ServiceChanges changes;
  private final AuditLog audit;

  public ServiceService(
      ServiceStore store,
      ServiceRegistry registry,
      ServiceListener listener,
      AuditLog audit,
      Clock clock) {
    this.writes = new ServiceWrites(store, registry, listener);
    this.changes = new ServiceChanges(registry, clock);
    this.audit = audit;
  }

  /** A caller, with the origin of its request. */
  public record Request(Caller caller, RequestOrigin origin) {}

  /** Returns a service as it is now; fails with a {@link Problem} if it does not exist. */
  public CompletionStage<Service> get(ServiceSlug slug) {
    return read(slug).thenApply(found -> changes.required(slug, found));
  }

  private CompletionStage<Optional<StoredService>> read(ServiceSlug slug) {
    return writes.read(slug).thenApply(found -> found.map(Versioned::value));
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
    return read(slug)
        .thenCompose(
            found ->
                found.filter(record -> ServiceChanges.isRepeated(record, key)).isPresent()
                    ? CompletableFuture.completedStage(changes.required(slug, found))
                    : written(
                        intention(by, "service.create", slug, found),
                        slug,
                        current -> changes.create(by.caller(), slug, spec, key, current)));
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
    return existing(by, slug)
        .thenCompose(
            found ->
                written(
                    intention(by, "service.change", slug, found),
                    slug,
                    current -> changes.change(by.caller(), slug, condition, change, current)));
  }

  /** Deletes a service if the condition holds; otherwise fails with a {@link Problem}. */
  public CompletionStage<?> delete(Request by, ServiceSlug slug, Predicate<Service> condition) {
    return existing(by, slug)
        .thenCompose(
            found ->
                audit.perform(
                    intention(by, "service.delete", slug, found),
                    () ->
                        writes.write(
                            slug,
                            current -> {
                              changes.changeable(slug, current, condition);
                              return Optional.empty();
                            }),
                    deleted -> ActionResult.done(null)));
  }

  /**
   * Sets the health of a service, in the configuration or not.
   *
   * @return fails with a {@link Problem} if a caller that is no administrator begins or ends the
   *     state {@link HealthState#DISABLED}
   */
  public CompletionStage<Service> setHealth(Request by, ServiceSlug slug, NewHealth health) {
    return existing(by, slug)
        .thenCompose(
            found -> {
              Service service = changes.required(slug, found);
              return isSame(service.health(), health)
                  ? CompletableFuture.completedStage(service)
                  : written(
                      intention(by, "service.health", slug, found),
                      slug,
                      current -> changes.setHealth(by.caller(), slug, health, current));
            });
  }

  private static boolean isSame(Health before, NewHealth health) {
    return before.state() == health.state() && Objects.equals(before.reason(), health.reason());
  }

  /** The record of a service that exists and that the caller may change; it can lack a record. */
  private CompletionStage<Optional<StoredService>> existing(Request by, ServiceSlug slug) {
    TaskKeyForbidden.check(by.caller(), slug.key().value());
    return read(slug)
        .thenApply(
            found -> {
              changes.required(slug, found);
              return found;
            });
  }

  private CompletionStage<Service> written(
      Intention intention,
      ServiceSlug slug,
      Function<Optional<StoredService>, StoredService> change) {
    return audit
        .perform(
            intention,
            () -> writes.write(slug, current -> Optional.of(change.apply(current))),
            after -> ActionResult.done(state(after.orElseThrow())))
        .thenApply(after -> changes.required(slug, after));
  }

  private static Intention intention(
      Request by, String action, ServiceSlug slug, Optional<StoredService> before) {
    return new Intention(
        Actor.of(by.caller(), by.origin()),
        action,
        "service",
        slug.value(),
        before.map(ServiceService::state).orElse(null));
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
