package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
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
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection to Elasticsearch and the settings of Docket's indices; see {@code config.yml}. */
public record ElasticConfig(
    @NotEmpty String urls,
    @Nullable String user,
    @Nullable Secret password,
    @Nullable Secret apiKey,
    @Nullable String caCertificate,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration patience,
    @Pattern(
            regexp = "[a-z0-9][a-z0-9_-]{0,63}",
            message = "must be 1 to 64 characters of a-z 0-9 _ - and start with a letter or digit")
        String indexPrefix,
    @Min(1) @Max(1024) int shards,
    @Min(1) @Max(1024) int routingShards,
    @Min(0) @Max(100) int replicas,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @MaxDuration(value = 60, unit = TimeUnit.SECONDS)
        Duration refreshInterval,
    @Min(2) @Max(100) int segmentsPerTier,
    @NotNull @Valid Bulk bulk) {

  /** Limits of bulk requests; see {@code config.yml}. */
  public record Bulk(
      @Min(1) @Max(64) int requests,
      @Min(1) @Max(10_000) int items,
      @MinDataSize(value = 64, unit = DataSizeUnit.KIBIBYTES)
          @MaxDataSize(value = 64, unit = DataSizeUnit.MEBIBYTES)
          DataSize size) {

    /** Applies defaults to omitted settings. */
    @JsonCreator
    static Bulk of(@Nullable Integer requests, @Nullable Integer items, @Nullable DataSize size) {
      return new Bulk(
          requests == null ? 2 : requests,
          items == null ? 1000 : items,
          size == null ? DataSize.mebibytes(8) : size);
    }

    BatchLimits limits() {
      return BatchLimits.forWriting(requests, items, size.toBytes());
    }
  }

  /** Applies defaults to omitted settings. */
  @JsonCreator
  static ElasticConfig of(
      @Nullable String urls,
      @Nullable String user,
      @Nullable Secret password,
      @Nullable Secret apiKey,
      @Nullable String caCertificate,
      @Nullable Duration connectTimeout,
      @Nullable Duration requestTimeout,
      @Nullable Duration patience,
      @Nullable String indexPrefix,
      @Nullable Integer shards,
      @Nullable Integer routingShards,
      @Nullable Integer replicas,
      @Nullable Duration refreshInterval,
      @Nullable Integer segmentsPerTier,
      @Nullable Bulk bulk) {
    return new ElasticConfig(
        urls == null ? "http://127.0.0.1:9200" : urls,
        user == null || user.isEmpty() ? null : user,
        Secret.orNull(password),
        Secret.orNull(apiKey),
        caCertificate == null || caCertificate.isEmpty() ? null : caCertificate,
        connectTimeout == null ? Duration.seconds(2) : connectTimeout,
        requestTimeout == null ? Duration.seconds(8) : requestTimeout,
        patience == null ? Duration.minutes(2) : patience,
        indexPrefix == null ? "docket-" : indexPrefix,
        shards == null ? 1 : shards,
        routingShards == null ? 1024 : routingShards,
        replicas == null ? 0 : replicas,
        refreshInterval == null ? Duration.seconds(1) : refreshInterval,
        segmentsPerTier == null ? IndexSettings.DEFAULT_SEGMENTS_PER_TIER : segmentsPerTier,
        bulk == null ? Bulk.of(null, null, null) : bulk);
  }

  static ElasticConfig defaults() {
    return of(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  ElasticSettings settings() {
    List<URI> uris = Arrays.stream(urls.split(",")).map(String::trim).map(URI::create).toList();
    ElasticSettings.Credentials credentials = null;
    if (apiKey != null) {
      credentials = new ElasticSettings.ApiKey(apiKey.value());
    } else if (user != null) {
      credentials = new ElasticSettings.User(user, password == null ? "" : password.value());
    }
    return new ElasticSettings(
        uris,
        credentials,
        caCertificate == null ? null : Path.of(caCertificate),
        connectTimeout.toJavaDuration(),
        requestTimeout.toJavaDuration());
  }

  void addTo(ConfiguredSecrets secrets) {
    secrets.add(apiKey == null ? null : apiKey.value());
    secrets.add(user, password == null ? null : password.value());
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
