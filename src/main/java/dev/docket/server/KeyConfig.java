package dev.docket.server;

import dev.docket.protocol.WorkerProtocols;
import dev.docket.service.ServicePolicy;
import dev.docket.task.KeyLimits;
import dev.docket.task.Policy;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The policy for the tasks of one key, or, under {@code tasks:}, for all keys without settings of
 * their own. An omitted setting is inherited.
 */
@SelfValidating
public final class KeyConfig {

  /** The defaults, which are the values in {@code config.yml}. */
  private static final KeyConfig DEFAULTS = new KeyConfig();

  static {
    DEFAULTS.protocol = "docket";
    DEFAULTS.maxAttempts = 3;
    DEFAULTS.backoff = Duration.seconds(30);
    DEFAULTS.backoffMax = Duration.hours(1);
    DEFAULTS.lease = Duration.seconds(60);
    DEFAULTS.unansweredAfter = Duration.days(7);
  }

  @Setting private @Nullable String protocol;

  /** The former name of {@code protocol}, which is still read. */
  @Setting private @Nullable String courier;

  @Setting
  @Min(1)
  @Max(1000)
  private @Nullable Integer maxAttempts;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private @Nullable Duration backoff;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
  private @Nullable Duration backoffMax;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.HOURS)
  private @Nullable Duration lease;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  private @Nullable Duration timeout;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  private @Nullable Duration unansweredAfter;

  @Setting private @Valid @Nullable LimitConfig limits;

  /** Rejects a configuration with both names of the worker protocol. */
  @SelfValidation
  public void checkProtocol(ViolationCollector violations) {
    if (protocol != null && courier != null) {
      violations.addViolation(
          "courier", "is the same setting as protocol: keep protocol and remove courier");
    }
  }

  /** Whether these settings contain a worker protocol. */
  boolean hasProtocol() {
    return ownProtocol() != null;
  }

  /** Whether these settings contain limits, which may be none, to lift inherited ones. */
  boolean hasLimits() {
    return limits != null;
  }

  /** These settings as those of a service, without the protocol. */
  ServicePolicy overrides() {
    return new ServicePolicy(
        maxAttempts,
        java(backoff),
        java(backoffMax),
        java(lease),
        java(timeout),
        java(unansweredAfter));
  }

  private static java.time.@Nullable Duration java(@Nullable Duration duration) {
    return duration == null ? null : duration.toJavaDuration();
  }

  /** The worker protocol under its former name; null if that is not used. */
  @Nullable String courier() {
    return courier;
  }

  /** These settings, with values of another configuration for omitted ones. */
  KeyConfig or(KeyConfig fallback) {
    KeyConfig merged = new KeyConfig();
    String own = ownProtocol();
    merged.protocol = own != null ? own : fallback.ownProtocol();
    merged.maxAttempts = maxAttempts != null ? maxAttempts : fallback.maxAttempts;
    merged.backoff = backoff != null ? backoff : fallback.backoff;
    merged.backoffMax = backoffMax != null ? backoffMax : fallback.backoffMax;
    merged.lease = lease != null ? lease : fallback.lease;
    merged.timeout = timeout != null ? timeout : fallback.timeout;
    merged.limits = limits != null ? limits : fallback.limits;
    merged.unansweredAfter = unansweredAfter != null ? unansweredAfter : fallback.unansweredAfter;
    return merged;
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

  /** The limits of the key. */
  KeyLimits limits() {
    return limits == null ? KeyLimits.NONE : limits.limits();
  }

  /** The name of the worker protocol, or of the default one. */
  String protocolName() {
    return required(or(DEFAULTS).protocol);
  }

  /** The name of the worker protocol under either setting; null if it is inherited. */
  @Nullable String ownProtocol() {
    return protocol != null ? protocol : courier;
  }

  private static <T> T required(@Nullable T value) {
    return Objects.requireNonNull(value, "the defaults are complete");
  }
}
