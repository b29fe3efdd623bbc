package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A service as readers see it.
 *
 * @param source {@code managed}, or {@code configured} or {@code key} if it is in the configuration
 * @param lastSeen when a worker of the key last sent a request; null if it is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ServiceView(
    ServiceSlug slug,
    String id,
    TaskKey key,
    String source,
    @JsonUnwrapped ServiceSpec spec,
    Health health,
    @Nullable Instant lastSeen,
    @JsonUnwrapped Service.@Nullable History history) {

  static ServiceView of(Service service, @Nullable Instant lastSeen) {
    return new ServiceView(
        service.slug(),
        service.id().toString(),
        service.key(),
        service.source().name().toLowerCase(Locale.ROOT),
        service.spec(),
        service.health(),
        lastSeen,
        service.history());
  }
}
