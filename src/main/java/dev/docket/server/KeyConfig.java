package dev.docket.server;

import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.Policy;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The policy for the tasks of one key, or, under {@code tasks:}, for all keys without settings of
 * their own. An omitted setting is inherited.
 *
 * @param courier the former name of {@code protocol}, which is still read
 */
public record KeyConfig(
    @Nullable String protocol,
    @Nullable String courier,
    @Min(1) @Max(1000) @Nullable Integer maxAttempts,
    @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS) @Nullable Duration backoff,
    @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS) @Nullable Duration backoffMax,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.HOURS)
        @Nullable Duration lease,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) @Nullable Duration timeout,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) @Nullable Duration unansweredAfter) {

  /** The defaults, which are the values in {@code config.yml}. */
  static final KeyConfig DEFAULTS =
      new KeyConfig(
          "docket",
          null,
          3,
          Duration.seconds(30),
          Duration.hours(1),
          Duration.seconds(60),
          null,
          Duration.days(7));

  static final KeyConfig EMPTY = new KeyConfig(null, null, null, null, null, null, null, null);

  /** Rejects a configuration with both names of the worker protocol. */
  public KeyConfig {
    if (protocol != null && courier != null) {
      throw new IllegalArgumentException(
          "protocol and courier are the same setting: keep protocol and remove courier");
    }
  }

  /** These settings, with values of another configuration for omitted ones. */
  KeyConfig or(KeyConfig fallback) {
    String own = configuredProtocol();
    return new KeyConfig(
        own != null ? own : fallback.configuredProtocol(),
        null,
        maxAttempts != null ? maxAttempts : fallback.maxAttempts,
        backoff != null ? backoff : fallback.backoff,
        backoffMax != null ? backoffMax : fallback.backoffMax,
        lease != null ? lease : fallback.lease,
        timeout != null ? timeout : fallback.timeout,
        unansweredAfter != null ? unansweredAfter : fallback.unansweredAfter);
  }

  /** The policy of these settings over the defaults, for a worker protocol. */
  Policy policy(String protocolName, WorkerProtocols protocols, int keptRuns) {
    KeyConfig full = or(DEFAULTS);
    return new Policy(
        protocolName,
        protocols.get(protocolName).ackMode(),
        required(full.maxAttempts),
        required(full.backoff).toJavaDuration(),
        required(full.backoffMax).toJavaDuration(),
        (int) required(full.lease).toSeconds(),
        full.timeout == null ? null : full.timeout.toJavaDuration(),
        required(full.unansweredAfter).toJavaDuration(),
        keptRuns);
  }

  /** The name of the worker protocol, or of the default one. */
  String protocolName() {
    return required(or(DEFAULTS).protocol);
  }

  /** The name of the worker protocol under either setting; null if it is inherited. */
  private @Nullable String configuredProtocol() {
    return protocol != null ? protocol : courier;
  }

  private static <T> T required(@Nullable T value) {
    return java.util.Objects.requireNonNull(value, "the defaults are complete");
  }
}
