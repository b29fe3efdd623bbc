package dev.docket.service;

import dev.docket.http.InvalidRequest;
import dev.docket.task.Policies;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A search for services. All conditions must hold; one that is null holds for all services.
 *
 * @param text part of the slug, name, summary or description, ignoring case
 */
record ServiceQuery(
    @Nullable String text,
    @Nullable String tag,
    @Nullable String key,
    @Nullable String protocol,
    @Nullable HealthState health) {

  /**
   * Reads the name of a state; null for no condition.
   *
   * @throws InvalidRequest if there is no such state
   */
  static @Nullable HealthState health(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return Arrays.stream(HealthState.values())
        .filter(state -> state.wire().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidRequest.field(
                    "health",
                    "must be one of "
                        + Arrays.stream(HealthState.values()).map(HealthState::wire).toList()));
  }

  /**
   * Whether a service meets the conditions.
   *
   * @param policies knows the protocol of a service that inherits it
   */
  boolean matches(Service service, Policies policies) {
    return (key == null || service.key().value().equalsIgnoreCase(key))
        && (tag == null || service.spec().tags().contains(tag))
        && (health == null || service.health().state() == health)
        && (protocol == null || service.protocol(policies).equals(protocol))
        && (text == null || contains(service, text.toLowerCase(Locale.ROOT)));
  }

  private static boolean contains(Service service, String part) {
    ServiceSpec spec = service.spec();
    return Stream.of(service.slug().value(), spec.name(), spec.summary(), spec.description())
        .anyMatch(text -> text != null && text.toLowerCase(Locale.ROOT).contains(part));
  }
}
