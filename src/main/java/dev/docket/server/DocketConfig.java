package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.Caller;
import dev.docket.auth.http.Authenticator;
import dev.docket.auth.key.ApiKey;
import dev.docket.guard.Guard;
import dev.docket.http.BodyLimitFilter;
import dev.docket.logging.ConfiguredSecrets;
import dev.docket.logging.JsonRequestLogFactory;
import dev.docket.logging.SanitizedLogging;
import dev.docket.logging.SanitizedRequestLog;
import dev.docket.service.Service;
import dev.docket.service.ServiceSlug;
import dev.docket.task.KeyLimits;
import dev.docket.task.TaskKey;
import io.dropwizard.core.Configuration;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.request.logging.RequestLogFactory;
import io.dropwizard.util.DataSize;
import io.dropwizard.validation.ValidationMethod;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The configuration. {@code config.yml} documents every setting and its default. */
@SelfValidating
public final class DocketConfig extends Configuration {

  @JsonProperty @NotNull @Valid private ElasticConfig elasticsearch = new ElasticConfig();

  @JsonProperty @NotNull @Valid private BrokerConfig broker = new BrokerConfig();

  @JsonProperty @NotNull @Valid private List<ApiKey> apiKeys = List.of();

  @JsonProperty @NotNull @Valid private AccessConfig access = new AccessConfig();

  @JsonProperty("adminPortKeySha256")
  @NotNull
  @Pattern(regexp = "(?:[0-9a-f]{64})?", message = "must be 64 lower-case hex digits")
  private String adminPortKeySha256 = "";

  @JsonProperty @NotNull @Valid private KeyConfig tasks = new KeyConfig();

  @JsonProperty @NotNull @Valid private Map<String, KeyConfig> keys = new LinkedHashMap<>();

  @JsonProperty @NotNull @Valid
  private Map<String, @Nullable ServiceConfig> services = new LinkedHashMap<>();

  @JsonProperty @NotNull @Valid private SweepConfig sweeps = new SweepConfig();

  @JsonProperty @NotNull @Valid private RetentionConfig retention = new RetentionConfig();

  @JsonProperty @NotNull @Valid private ResultsConfig results = new ResultsConfig();
  @JsonProperty @NotNull @Valid private LogsConfig logs = new LogsConfig();

  @JsonProperty @NotNull @Valid private CallersConfig callers = new CallersConfig();

  @JsonProperty @NotNull @Valid private DaneConfig dane = new DaneConfig();

  @JsonProperty @NotNull @Valid private BrowsersConfig browsers = new BrowsersConfig();

  @JsonProperty @NotNull private DataSize maxBody = DataSize.mebibytes(16);

  @JsonProperty @NotNull private DataSize maxBodies = DataSize.mebibytes(128);

  public ElasticConfig elasticsearch() {
    return elasticsearch;
  }

  public BrokerConfig broker() {
    return broker;
  }

  public List<ApiKey> apiKeys() {
    return apiKeys;
  }

  public AccessConfig access() {
    return access;
  }

  /** Whether requests need credentials; if not, each caller has all roles. */
  boolean requiresCredentials() {
    return !apiKeys.isEmpty() || access.requiresCredentials();
  }

  /** The hash of the key of the admin port; empty if it needs none. */
  Optional<String> adminPortKeySha256() {
    return Optional.of(adminPortKeySha256).filter(hash -> !hash.isEmpty());
  }

  public KeyConfig tasks() {
    return tasks;
  }

  /**
   * The settings of individual task keys.
   *
   * @throws IllegalArgumentException if a name is not a task key
   */
  public Map<TaskKey, KeyConfig> keys() {
    Map<TaskKey, KeyConfig> parsed = new LinkedHashMap<>();
    keys.forEach(
        (name, settings) -> {
          try {
            parsed.put(TaskKey.fromString(name), settings == null ? new KeyConfig() : settings);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("keys." + name + ": " + e.getMessage(), e);
          }
        });
    return parsed;
  }

  /**
   * The limits of task keys with a section of their own, which can be empty to lift the default.
   */
  Map<TaskKey, KeyLimits> limits() {
    Map<TaskKey, KeyLimits> limits = new LinkedHashMap<>();
    keys()
        .forEach(
            (key, config) -> {
              if (config.hasLimits()) {
                limits.put(key, config.limits());
              }
            });
    services.forEach(
        (name, config) -> {
          KeyLimits ofService = config == null ? null : config.limits();
          if (ofService != null) {
            limits.put(ServiceSlug.fromString(name).key(), ofService);
          }
        });
    return limits;
  }

  /**
   * The services of the sections {@code services} and {@code keys}.
   *
   * @throws IllegalArgumentException if a slug is malformed, or in both sections
   */
  List<Service> services() {
    return ConfiguredServices.of(services, keys());
  }

  /** Rejects malformed slugs, and slugs in both sections. */
  @SelfValidation
  public void checkServices(ViolationCollector violations) {
    try {
      if (services != null && isEachKeyValid()) {
        services();
      }
    } catch (IllegalArgumentException e) {
      violations.addViolation(String.valueOf(e.getMessage()));
    }
  }

  public SweepConfig sweeps() {
    return sweeps;
  }

  public RetentionConfig retention() {
    return retention;
  }

  public ResultsConfig results() {
    return results;
  }

  public LogsConfig logs() {
    return logs;
  }

  public CallersConfig callers() {
    return callers;
  }

  public BrowsersConfig browsers() {
    return browsers;
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

  /** Creates the guard of a server. */
  Guard guard(Authenticator authenticator, ObjectMapper mapper) {
    return new Guard(
        authenticator,
        adminPortKeySha256().isPresent(),
        browsers.hosts(),
        browsers.origins(),
        callers.rate(),
        mapper);
  }

  /** The logging, which escapes, truncates and redacts. */
  @Override
  public synchronized LoggingFactory getLoggingFactory() {
    return new SanitizedLogging(super.getLoggingFactory(), secrets().forms());
  }

  /** A request log, which escapes, truncates and redacts. */
  RequestLogFactory<?> sanitized(RequestLogFactory<?> requestLog) {
    return requestLog instanceof JsonRequestLogFactory json
        ? json.redacting(secrets().forms())
        : new SanitizedRequestLog<>(requestLog, secrets().forms());
  }

  private ConfiguredSecrets secrets() {
    ConfiguredSecrets secrets = new ConfiguredSecrets();
    elasticsearch.addTo(secrets);
    broker.addTo(secrets);
    access.addTo(secrets);
    return secrets;
  }

  /** Creates a filter, which limits the total of the bodies of one port. */
  BodyLimitFilter bodyLimit() {
    return new BodyLimitFilter(maxBody.toBytes(), maxBodies.toBytes());
  }

  /** Validates that a body of the maximum size fits into the total. */
  @JsonIgnore
  @ValidationMethod(message = "maxBodies must be at least maxBody")
  public boolean isMaxBodiesSufficient() {
    return maxBodies.toBytes() >= maxBody.toBytes();
  }

  /** Validates that rules for roles have an effect. */
  @JsonIgnore
  @ValidationMethod(
      message =
          "access.roles has no effect while requests need no credentials: set access.required,"
              + " or configure apiKeys or access.tokens")
  public boolean isEachRuleEffective() {
    return !access.hasRules() || !apiKeys.isEmpty() || access.requiresCredentials();
  }

  /** Validates that no key has the name of callers without credentials. */
  @JsonIgnore
  @ValidationMethod(
      message = "apiKeys: name must not be anonymous, the name of callers without credentials")
  public boolean isEachKeyNameFree() {
    return apiKeys.stream()
        .noneMatch(key -> key != null && Caller.ANONYMOUS.name().equals(key.name()));
  }

  /** Validates that all names below {@code keys} are task keys. */
  @JsonIgnore
  @ValidationMethod(message = "keys: each name must be 1 to 64 characters of A-Z 0-9 _ -")
  public boolean isEachKeyValid() {
    return isAccepted(this::keys);
  }

  /** Validates {@code broker.uri}. */
  @JsonIgnore
  @ValidationMethod(message = "broker.uri must have the form amqp://user:password@host:5672/vhost")
  public boolean isBrokerUriValid() {
    return isAccepted(broker::settings);
  }

  /** Validates {@code broker.management}, if it is set. */
  @JsonIgnore
  @ValidationMethod(message = "broker.management must have the form http://host:15672")
  public boolean isManagementUriValid() {
    return isAccepted(broker::managementUri);
  }

  /** Validates {@code elasticsearch.urls} and the settings that depend on each other. */
  @JsonIgnore
  @ValidationMethod(
      message =
          "elasticsearch: urls must be http or https addresses, caCertificate requires https,"
              + " refreshInterval must be whole seconds,"
              + " and routingShards must be a multiple of shards")
  public boolean isElasticsearchValid() {
    return isAccepted(elasticsearch::settings) && isAccepted(elasticsearch::indices);
  }

  private static boolean isAccepted(Supplier<?> setting) {
    try {
      return setting.get() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
