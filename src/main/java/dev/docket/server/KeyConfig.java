package dev.docket.server;

import dev.docket.protocol.Couriers;
import dev.docket.task.Policy;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the tasks of a key, or, under {@code tasks:}, for all keys that do not say
 * otherwise; what is left out is inherited.
 */
public record KeyConfig(
    @Nullable String courier,
    @Min(1) @Max(1000) @Nullable Integer maxAttempts,
    @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS) @Nullable Duration backoff,
    @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS) @Nullable Duration backoffMax,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.HOURS)
        @Nullable Duration lease,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) @Nullable Duration timeout,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) @Nullable Duration unansweredAfter) {

  /** What holds where nothing is said: the values of {@code config.yml}. */
  static final KeyConfig DEFAULTS =
      new KeyConfig(
          "docket",
          3,
          Duration.seconds(30),
          Duration.hours(1),
          Duration.seconds(60),
          null,
          Duration.days(7));

  static final KeyConfig EMPTY = new KeyConfig(null, null, null, null, null, null, null);

  /** These rules, and the others' where these say nothing. */
  KeyConfig or(KeyConfig others) {
    return new KeyConfig(
        courier != null ? courier : others.courier,
        maxAttempts != null ? maxAttempts : others.maxAttempts,
        backoff != null ? backoff : others.backoff,
        backoffMax != null ? backoffMax : others.backoffMax,
        lease != null ? lease : others.lease,
        timeout != null ? timeout : others.timeout,
        unansweredAfter != null ? unansweredAfter : others.unansweredAfter);
  }

  /** The policy of these rules over the defaults, for a courier. */
  Policy policy(String courierName, Couriers couriers) {
    KeyConfig full = or(DEFAULTS);
    return new Policy(
        courierName,
        couriers.get(courierName).way(),
        given(full.maxAttempts),
        given(full.backoff).toJavaDuration(),
        given(full.backoffMax).toJavaDuration(),
        (int) given(full.lease).toSeconds(),
        full.timeout == null ? null : full.timeout.toJavaDuration(),
        given(full.unansweredAfter).toJavaDuration());
  }

  /** The courier of these rules. */
  String courierName() {
    return given(or(DEFAULTS).courier);
  }

  private static <T> T given(@Nullable T value) {
    return java.util.Objects.requireNonNull(value, "the defaults leave nothing out");
  }
}
