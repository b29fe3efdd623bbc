package dev.docket.metrics;

import dev.docket.task.KeyLimits;
import dev.docket.task.TaskKey;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Metrics of the limits of task keys. A key without a limit has no value. */
final class LimitMetrics {

  private final Supplier<Set<TaskKey>> limited;
  private final Function<TaskKey, KeyLimits> limits;
  private final KeyLabels keys;
  private final PrometheusRegistry registry;

  LimitMetrics(
      Supplier<Set<TaskKey>> limited,
      Function<TaskKey, KeyLimits> limits,
      KeyLabels keys,
      PrometheusRegistry registry) {
    this.limited = limited;
    this.limits = limits;
    this.keys = keys;
    this.registry = registry;
  }

  void register() {
    gauge(
        "docket_keys_held",
        "Keys of which no task is handed out, because they are paused or their service is not"
            + " available.",
        key -> key.hold() == null ? null : 1);
    gauge(
        "docket_concurrency_limit",
        "Maximum number of runs that are handed out at the same time.",
        KeyLimits::concurrency);
  }

  private void gauge(String name, String help, Function<KeyLimits, @Nullable Integer> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("key")
        .callback(
            callback ->
                keys.sum(
                    limited.get(),
                    Function.identity(),
                    key -> value.apply(limits.apply(key)),
                    callback))
        .register(registry);
  }
}
