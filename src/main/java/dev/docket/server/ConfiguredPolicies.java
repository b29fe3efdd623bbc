package dev.docket.server;

import dev.docket.protocol.WorkerProtocols;
import dev.docket.service.Service;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policies of the configuration, computed once for each task key and worker protocol. */
final class ConfiguredPolicies implements Policies {

  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredPolicies.class);

  private final KeyConfig defaults;
  private final Map<TaskKey, KeyConfig> keys;
  private final Map<String, Map<TaskKey, Policy>> policies = new HashMap<>();
  private final Map<String, Policy> byProtocol = new HashMap<>();

  /**
   * Computes the policies, and warns about settings under a former name.
   *
   * @param keptRuns the number of successful runs whose results a task keeps
   * @throws IllegalArgumentException if a key names a worker protocol that does not exist
   */
  ConfiguredPolicies(
      KeyConfig defaults, Map<TaskKey, KeyConfig> keys, WorkerProtocols protocols, int keptRuns) {
    this.defaults = defaults;
    this.keys = Map.copyOf(keys);
    check("tasks", defaults, protocols);
    keys.forEach((key, keyConfig) -> check("keys." + key, keyConfig, protocols));
    for (String protocol : protocols.names()) {
      byProtocol.put(protocol, defaults.policy(protocol, protocols, keptRuns));
      Map<TaskKey, Policy> ofProtocol = new HashMap<>();
      keys.forEach(
          (key, keyConfig) ->
              ofProtocol.put(key, keyConfig.or(defaults).policy(protocol, protocols, keptRuns)));
      policies.put(protocol, Map.copyOf(ofProtocol));
    }
  }

  private static void check(String section, KeyConfig config, WorkerProtocols protocols) {
    String protocol = config.courier();
    if (protocol != null) {
      LOG.warn(
          "The setting {}.courier is deprecated; replace it with protocol: {}", section, protocol);
    }
    if (!protocols.names().contains(config.protocolName())) {
      throw new IllegalArgumentException(
          "%s.protocol must be one of %s (was %s)"
              .formatted(section, String.join(", ", protocols.names()), config.protocolName()));
    }
  }

  /**
   * Checks a service of the configuration.
   *
   * @throws IllegalArgumentException if it names a worker protocol that does not exist
   */
  void check(Service service) {
    String protocol = service.spec().protocol();
    if (protocol != null && !byProtocol.containsKey(protocol)) {
      throw new IllegalArgumentException(
          "services.%s.protocol must be one of %s (was %s)"
              .formatted(service.slug(), String.join(", ", byProtocol.keySet()), protocol));
    }
  }

  @Override
  public Policy of(TaskKey key) {
    KeyConfig keyConfig = keys.get(key);
    return of(
        keyConfig == null ? defaults.protocolName() : keyConfig.or(defaults).protocolName(), key);
  }

  @Override
  public Policy of(Task task) {
    return of(task.run().protocol(), task.key());
  }

  /** The policy for runs of a key by another worker protocol than that of the configuration. */
  Policy of(String protocol, TaskKey key) {
    Map<TaskKey, Policy> ofProtocol = policies.get(protocol);
    @Nullable Policy policy = ofProtocol == null ? null : ofProtocol.get(key);
    if (policy == null) {
      policy = byProtocol.get(protocol);
    }
    if (policy == null) {
      throw new IllegalStateException(
          "tasks use the worker protocol "
              + protocol
              + ", which is no longer configured; configured protocols: "
              + String.join(", ", byProtocol.keySet()));
    }
    return policy;
  }
}
