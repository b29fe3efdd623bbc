package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.docket.drift.LossDetectionSettings;
import dev.docket.logging.ConfiguredSecrets;
import dev.docket.rabbit.connection.RabbitSettings;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection to the broker and its limits; see {@code config.yml}. */
public record BrokerConfig(
    Secret uri,
    @Pattern(
            regexp = "[A-Za-z0-9._-]{0,64}",
            message = "must be at most 64 characters of A-Z a-z 0-9 . _ -")
        String prefix,
    Duration heartbeat,
    Duration connectionTimeout,
    @Min(1) @Max(100_000) int maxUnconfirmed,
    @Min(1) @Max(65_535) int responsePrefetch,
    @Nullable Secret management,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
        Duration statisticsInterval) {

  /** Applies defaults to omitted settings. The URI contains a password, so it is a secret. */
  @JsonCreator
  static BrokerConfig of(
      @Nullable Secret uri,
      @Nullable String prefix,
      @Nullable Duration heartbeat,
      @Nullable Duration connectionTimeout,
      @Nullable Integer maxUnconfirmed,
      @Nullable Integer responsePrefetch,
      @Nullable Secret management,
      @Nullable Duration statisticsInterval) {
    return new BrokerConfig(
        uri == null ? new Secret("amqp://guest:guest@127.0.0.1:5672") : uri,
        prefix == null ? "" : prefix,
        heartbeat == null ? Duration.seconds(15) : heartbeat,
        connectionTimeout == null ? Duration.seconds(10) : connectionTimeout,
        maxUnconfirmed == null ? 4096 : maxUnconfirmed,
        responsePrefetch == null ? 500 : responsePrefetch,
        management == null || management.value().isEmpty() ? null : management,
        statisticsInterval == null ? Duration.seconds(5) : statisticsInterval);
  }

  static BrokerConfig defaults() {
    return of(null, null, null, null, null, null, null, null);
  }

  /** The address of the management API; empty if queues are not counted. */
  Optional<URI> managementUri() {
    if (management == null) {
      return Optional.empty();
    }
    URI uri = URI.create(management.value());
    if (uri.getHost() == null
        || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
      throw new IllegalArgumentException("must have the form http://host:15672");
    }
    return Optional.of(uri);
  }

  /** The conditions under which a message counts as lost. */
  LossDetectionSettings lossDetection() {
    return LossDetectionSettings.of(statisticsInterval.toJavaDuration());
  }

  void addTo(ConfiguredSecrets secrets) {
    secrets.addUri(uri.value());
    secrets.addUri(management == null ? null : management.value());
  }

  RabbitSettings settings() {
    return RabbitSettings.at(URI.create(uri.value()))
        .withPrefix(prefix)
        .withHeartbeat(heartbeat.toJavaDuration())
        .withConnectionTimeout(connectionTimeout.toJavaDuration())
        .withMaxUnconfirmed(maxUnconfirmed)
        .withResponsePrefetch(responsePrefetch);
  }
}
