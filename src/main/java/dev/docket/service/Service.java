package dev.docket.service;

import dev.docket.task.Policies;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of one task key do, and how their tasks are run.
 *
 * @param source where the description comes from
 * @param history who wrote the description, and when; null unless it is a record
 */
public record Service(
    ServiceSlug slug, Source source, ServiceSpec spec, Health health, @Nullable History history) {

  /** Where the description of a service comes from. */
  public enum Source {
    /** A record, which can be changed over HTTP. */
    MANAGED,
    /** The section {@code services} of the configuration. */
    CONFIGURED,
    /** The section {@code keys} of the configuration, which a record can replace. */
    KEY
  }

  /**
   * The origin of a record.
   *
   * @param revision the number of the revision of the description, which starts at 1
   */
  public record History(
      Instant createdAt, String createdBy, Instant updatedAt, String updatedBy, long revision) {}

  public UUID id() {
    return slug.id();
  }

  /** The task key whose workers the service describes. */
  public TaskKey key() {
    return slug.key();
  }

  /**
   * The worker protocol of the service.
   *
   * @param policies knows the protocol of a service that inherits it
   */
  String protocol(Policies policies) {
    String protocol = spec.protocol();
    return protocol == null ? policies.of(key()).protocol() : protocol;
  }

  /** The name for people. */
  public String name() {
    String name = spec.name();
    return name == null ? slug.value() : name;
  }
}
