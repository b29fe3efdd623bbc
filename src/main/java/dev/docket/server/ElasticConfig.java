package dev.docket.server;

import dev.docket.elastic.client.BatchLimits;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.index.IndexSettings;
import dev.docket.logging.ConfiguredSecrets;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The connection to Elasticsearch and the settings of Docket's indices; see {@code config.yml}. */
public final class ElasticConfig {

  @Setting @NotEmpty private String urls = "http://127.0.0.1:9200";

  @Setting private String user = "";

  @Setting private Secret password = new Secret("");

  @Setting private Secret apiKey = new Secret("");

  @Setting private String caCertificate = "";

  @Setting private Duration connectTimeout = Duration.seconds(2);

  @Setting private Duration requestTimeout = Duration.seconds(8);

  @Setting private Duration patience = Duration.minutes(2);

  @Setting
  @Pattern(
      regexp = "[a-z0-9][a-z0-9_-]{0,63}",
      message = "must be 1 to 64 characters of a-z 0-9 _ - and start with a letter or digit")
  private String indexPrefix = "docket-";

  @Setting
  @Min(1)
  @Max(1024)
  private Integer shards = 1;

  @Setting
  @Min(1)
  @Max(1024)
  private Integer routingShards = 1024;

  @Setting
  @Min(0)
  @Max(100)
  private Integer replicas = 0;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 60, unit = TimeUnit.SECONDS)
  private Duration refreshInterval = Duration.seconds(1);

  @Setting
  @Min(2)
  @Max(100)
  private Integer segmentsPerTier = IndexSettings.DEFAULT_SEGMENTS_PER_TIER;

  @Setting @Valid private Bulk bulk = new Bulk();

  /** Limits of bulk requests; see {@code config.yml}. */
  public static final class Bulk {

    @Setting
    @Min(1)
    @Max(64)
    private Integer requests = 2;

    @Setting
    @Min(1)
    @Max(10_000)
    private Integer items = 1000;

    @Setting
    @MinDataSize(value = 64, unit = DataSizeUnit.KIBIBYTES)
    @MaxDataSize(value = 64, unit = DataSizeUnit.MEBIBYTES)
    private DataSize size = DataSize.mebibytes(8);

    BatchLimits limits() {
      return BatchLimits.forWriting(requests, items, size.toBytes());
    }
  }

  /** Limits of bulk requests. */
  Bulk bulk() {
    return bulk;
  }

  /** How long the server waits for Elasticsearch when it starts. */
  java.time.Duration patience() {
    return patience.toJavaDuration();
  }

  ElasticSettings settings() {
    List<URI> uris = Arrays.stream(urls.split(",")).map(String::trim).map(URI::create).toList();
    ElasticSettings.Credentials credentials = null;
    if (!apiKey.value().isEmpty()) {
      credentials = new ElasticSettings.ApiKey(apiKey.value());
    } else if (!user.isEmpty()) {
      credentials = new ElasticSettings.User(user, password.value());
    }
    return new ElasticSettings(
        uris,
        credentials,
        caCertificate.isEmpty() ? null : Path.of(caCertificate),
        connectTimeout.toJavaDuration(),
        requestTimeout.toJavaDuration());
  }

  void addTo(ConfiguredSecrets secrets) {
    secrets.add(apiKey.value());
    secrets.add(password.value());
    if (!user.isEmpty() && !password.value().isEmpty()) {
      secrets.add(user, password.value());
    }
    Arrays.stream(urls.split(",")).forEach(secrets::addUri);
  }

  IndexSettings indices() {
    return new IndexSettings(
        indexPrefix,
        shards,
        routingShards,
        replicas,
        refreshInterval.toJavaDuration(),
        segmentsPerTier);
  }
}
