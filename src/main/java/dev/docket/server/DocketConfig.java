package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.auth.ApiKey;
import dev.docket.http.BodyLimitFilter;
import dev.docket.task.TaskKey;
import io.dropwizard.core.Configuration;
import io.dropwizard.util.DataSize;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The whole configuration; every setting with its default and a comment is in config.yml. */
public final class DocketConfig extends Configuration {

  @JsonProperty("elasticsearch")
  @NotNull
  @Valid
  private ElasticConfig elasticsearch = ElasticConfig.defaults();

  @JsonProperty("broker")
  @NotNull
  @Valid
  private BrokerConfig broker = BrokerConfig.defaults();

  @JsonProperty("apiKeys")
  @NotNull
  @Valid
  private List<ApiKey> apiKeys = List.of();

  @JsonProperty("tasks")
  @NotNull
  @Valid
  private KeyConfig tasks = KeyConfig.EMPTY;

  @JsonProperty("keys")
  @NotNull
  @Valid
  private Map<String, KeyConfig> keys = new LinkedHashMap<>();

  @JsonProperty("sweeps")
  @NotNull
  @Valid
  private SweepConfig sweeps = SweepConfig.defaults();

  @JsonProperty("retention")
  @NotNull
  @Valid
  private RetentionConfig retention = RetentionConfig.forEver();

  @JsonProperty("dane")
  @NotNull
  @Valid
  private DaneConfig dane = DaneConfig.defaults();

  @JsonProperty("maxBody")
  @NotNull
  private DataSize maxBody = DataSize.mebibytes(16);

  @JsonProperty("maxBodies")
  @NotNull
  private DataSize maxBodies = DataSize.mebibytes(128);

  public ElasticConfig elasticsearch() {
    return elasticsearch;
  }

  public BrokerConfig broker() {
    return broker;
  }

  public List<ApiKey> apiKeys() {
    return apiKeys;
  }

  public KeyConfig tasks() {
    return tasks;
  }

  /**
   * The rules of keys that have some of their own.
   *
   * @throws IllegalArgumentException if one is no task key
   */
  public Map<TaskKey, KeyConfig> keys() {
    Map<TaskKey, KeyConfig> parsed = new LinkedHashMap<>();
    keys.forEach(
        (name, rules) -> {
          try {
            parsed.put(TaskKey.fromString(name), rules == null ? KeyConfig.EMPTY : rules);
          } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException("keys." + name + ": " + bad.getMessage(), bad);
          }
        });
    return parsed;
  }

  public SweepConfig sweeps() {
    return sweeps;
  }

  public RetentionConfig retention() {
    return retention;
  }

  public DaneConfig dane() {
    return dane;
  }

  public DataSize maxBody() {
    return maxBody;
  }

  public DataSize maxBodies() {
    return maxBodies;
  }

  /** A new one, which counts the bodies of one port. */
  BodyLimitFilter bodyLimit() {
    return new BodyLimitFilter(maxBody.toBytes(), maxBodies.toBytes());
  }

  /** For the validation: whether the largest body could be taken at all. */
  @JsonIgnore
  @ValidationMethod(message = "maxBodies: must be at least maxBody")
  public boolean isRoomForABody() {
    return maxBodies.toBytes() >= maxBody.toBytes();
  }

  /** For the validation: whether all names below {@code keys} are task keys. */
  @JsonIgnore
  @ValidationMethod(message = "keys: each name must be 1 to 64 of A-Z 0-9 _ -")
  public boolean isNamedByKeys() {
    return holds(this::keys);
  }

  /** For the validation: whether {@code broker.uri} is one. */
  @JsonIgnore
  @ValidationMethod(message = "broker.uri: must be like amqp://user:password@host:5672/vhost")
  public boolean isBrokerAddressed() {
    return holds(broker::settings);
  }

  /** For the validation: whether {@code broker.management} is an address, if it is there. */
  @JsonIgnore
  @ValidationMethod(message = "broker.management: must be like http://host:15672")
  public boolean isManagementAddressed() {
    return holds(broker::managementUri);
  }

  /** For the validation: whether {@code elasticsearch.urls} and what goes with it fit together. */
  @JsonIgnore
  @ValidationMethod(
      message =
          "elasticsearch: urls must be http or https addresses, caCertificate only with https,"
              + " refreshInterval whole seconds,"
              + " routingShards a multiple of shards")
  public boolean isElasticsearchAddressed() {
    return holds(elasticsearch::settings) && holds(elasticsearch::indices);
  }

  private static boolean holds(Supplier<?> setting) {
    try {
      return setting.get() != null;
    } catch (IllegalArgumentException bad) {
      return false;
    }
  }
}
