package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.auth.ApiKey;
import dev.docket.task.TaskKey;
import io.dropwizard.core.Configuration;
import io.dropwizard.util.DataSize;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  @JsonProperty("maxBody")
  @NotNull
  private DataSize maxBody = DataSize.mebibytes(16);

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

  public DataSize maxBody() {
    return maxBody;
  }
}
