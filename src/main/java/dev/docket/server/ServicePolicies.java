package dev.docket.server;

import dev.docket.service.Service;
import dev.docket.service.ServicePolicy;
import dev.docket.service.Services;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The policies of the configuration, with what the services of the keys override. */
final class ServicePolicies implements Policies {

  private final ConfiguredPolicies configured;
  private final Services services;

  ServicePolicies(ConfiguredPolicies configured, Services services) {
    this.configured = configured;
    this.services = services;
  }

  @Override
  public Policy of(TaskKey key) {
    Optional<Service> service = services.find(key);
    String protocol = service.map(found -> found.spec().protocol()).orElse(null);
    return overridden(
        protocol == null ? configured.of(key) : configured.of(protocol, key), service);
  }

  /** The run keeps its protocol; the other settings are those of now. */
  @Override
  public Policy of(Task task) {
    return overridden(configured.of(task), services.find(task.key()));
  }

  private static Policy overridden(Policy policy, Optional<Service> service) {
    ServicePolicy own = service.map(found -> found.spec().policy()).orElse(ServicePolicy.NONE);
    if (own.equals(ServicePolicy.NONE)) {
      return policy;
    }
    Duration lease = own.lease();
    return new Policy(
        policy.protocol(),
        policy.ackMode(),
        Objects.requireNonNullElse(own.maxAttempts(), policy.maxAttempts()),
        Objects.requireNonNullElse(own.backoff(), policy.backoff()),
        Objects.requireNonNullElse(own.backoffMax(), policy.backoffMax()),
        lease == null ? policy.leaseSeconds() : (int) lease.toSeconds(),
        own.timeout() == null ? policy.timeout() : own.timeout(),
        Objects.requireNonNullElse(own.unansweredAfter(), policy.unansweredAfter()),
        policy.keptRuns());
  }
}
