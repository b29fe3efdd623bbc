package dev.docket.service;

import org.jspecify.annotations.Nullable;

/**
 * The record of a service. A record without a description contains the health of a service that is
 * in the configuration.
 *
 * @param spec null if the configuration describes the service
 * @param history null if the configuration describes the service
 * @param creationKey {@link dev.docket.http.idempotency.CreationKey#text() the idempotency key} of
 *     the request that created the record; null for none
 */
public record StoredService(
    ServiceSlug slug,
    @Nullable ServiceSpec spec,
    Service.@Nullable History history,
    Health health,
    @Nullable String creationKey) {

  /** The health of a service of the configuration. */
  static StoredService ofHealth(ServiceSlug slug, Health health) {
    return new StoredService(slug, null, null, health, null);
  }

  StoredService withSpec(ServiceSpec changed, Service.History revised) {
    return new StoredService(slug, changed, revised, health, creationKey);
  }

  StoredService withHealth(Health changed) {
    return new StoredService(slug, spec, history, changed, creationKey);
  }
}
