package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.docket.elastic.ElasticSettings;
import dev.docket.elastic.IndexSettings;
import io.dropwizard.util.Duration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where Elasticsearch is and how Docket's indices are made there; see {@code config.yml}. */
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
            message = "must be 1 to 64 of a-z 0-9 _ - and begin with a letter or digit")
        String indexPrefix,
    @Min(1) @Max(1024) int shards,
    @Min(1) @Max(1024) int routingShards,
    @Min(0) @Max(100) int replicas) {

  /** With the defaults for what is left out. */
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
      @Nullable Integer replicas) {
    return new ElasticConfig(
        urls == null ? "http://127.0.0.1:9200" : urls,
        user == null || user.isEmpty() ? null : user,
        Secret.orNull(password),
        Secret.orNull(apiKey),
        caCertificate == null || caCertificate.isEmpty() ? null : caCertificate,
        connectTimeout == null ? Duration.seconds(2) : connectTimeout,
        requestTimeout == null ? Duration.seconds(30) : requestTimeout,
        patience == null ? Duration.minutes(2) : patience,
        indexPrefix == null ? "docket-" : indexPrefix,
        shards == null ? 1 : shards,
        routingShards == null ? 1024 : routingShards,
        replicas == null ? 0 : replicas);
  }

  static ElasticConfig defaults() {
    return of(null, null, null, null, null, null, null, null, null, null, null, null);
  }

  ElasticSettings settings() {
    List<URI> uris = Arrays.stream(urls.split(",")).map(String::trim).map(URI::create).toList();
    ElasticSettings.Credentials who = null;
    if (apiKey != null) {
      who = new ElasticSettings.ApiKey(apiKey.value());
    } else if (user != null) {
      who = new ElasticSettings.User(user, password == null ? "" : password.value());
    }
    return new ElasticSettings(
        uris,
        who,
        caCertificate == null ? null : Path.of(caCertificate),
        connectTimeout.toJavaDuration(),
        requestTimeout.toJavaDuration());
  }

  IndexSettings indices() {
    return new IndexSettings(indexPrefix, shards, routingShards, replicas);
  }
}
