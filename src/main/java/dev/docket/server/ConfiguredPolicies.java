package dev.docket.server;

import dev.docket.protocol.Couriers;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of the configuration, worked out once for each key and courier. */
final class ConfiguredPolicies implements Policies {

  private final KeyConfig defaults;
  private final Map<TaskKey, KeyConfig> keys;
  private final Map<String, Map<TaskKey, Policy>> policies = new HashMap<>();
  private final Map<String, Policy> byCourier = new HashMap<>();

  /**
   * Works them out.
   *
   * @throws IllegalArgumentException if a key names a courier that does not exist
   */
  ConfiguredPolicies(KeyConfig defaults, Map<TaskKey, KeyConfig> keys, Couriers couriers) {
    this.defaults = defaults;
    this.keys = Map.copyOf(keys);
    couriers.get(defaults.courierName());
    keys.values().forEach(key -> couriers.get(key.or(defaults).courierName()));
    for (String courier : couriers.names()) {
      byCourier.put(courier, defaults.policy(courier, couriers));
      Map<TaskKey, Policy> ofCourier = new HashMap<>();
      keys.forEach((key, own) -> ofCourier.put(key, own.or(defaults).policy(courier, couriers)));
      policies.put(courier, Map.copyOf(ofCourier));
    }
  }

  @Override
  public Policy of(TaskKey key) {
    KeyConfig own = keys.get(key);
    return find(own == null ? defaults.courierName() : own.or(defaults).courierName(), key);
  }

  @Override
  public Policy of(Task task) {
    return find(task.spec().courier(), task.key());
  }

  private Policy find(String courier, TaskKey key) {
    Map<TaskKey, Policy> ofCourier = policies.get(courier);
    @Nullable Policy policy = ofCourier == null ? null : ofCourier.get(key);
    if (policy == null) {
      policy = byCourier.get(courier);
    }
    if (policy == null) {
      throw new IllegalStateException(
          "courier "
              + courier
              + " is not configured any more, but there are tasks of it; configured are "
              + byCourier.keySet());
    }
    return policy;
  }
}
