package dev.docket.server;

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

/** The connection to the broker and its limits; see {@code config.yml}. */
public final class BrokerConfig {

  /** Contains a password, so it is a secret. */
  @Setting private Secret uri = new Secret("amqp://guest:guest@127.0.0.1:5672");

  @Setting
  @Pattern(
      regexp = "[A-Za-z0-9._-]{0,64}",
      message = "must be at most 64 characters of A-Z a-z 0-9 . _ -")
  private String prefix = "";

  @Setting private Duration heartbeat = Duration.seconds(15);

  @Setting private Duration connectionTimeout = Duration.seconds(10);

  @Setting
  @Min(1)
  @Max(100_000)
  private Integer maxUnconfirmed = 4096;

  @Setting
  @Min(1)
  @Max(65_535)
  private Integer responsePrefetch = 500;

  @Setting private Secret management = new Secret("");

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
  private Duration statisticsInterval = Duration.seconds(5);

  /** The address of the management API; empty if queues are not counted. */
  Optional<URI> managementUri() {
    if (management.value().isEmpty()) {
      return Optional.empty();
    }
    URI address = URI.create(management.value());
    if (address.getHost() == null
        || !("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
      throw new IllegalArgumentException("must have the form http://host:15672");
    }
    return Optional.of(address);
  }

  /** The conditions under which a message counts as lost. */
  LossDetectionSettings lossDetection() {
    return LossDetectionSettings.of(statisticsInterval.toJavaDuration());
  }

  void addTo(ConfiguredSecrets secrets) {
    secrets.addUri(uri.value());
    secrets.addUri(management.value());
  }

  RabbitSettings settings() {
    return RabbitSettings.at(
        URI.create(uri.value()),
        prefix,
        heartbeat.toJavaDuration(),
        connectionTimeout.toJavaDuration(),
        maxUnconfirmed,
        responsePrefetch);
  }
}
