package dev.docket.metrics;

import dev.docket.task.TaskKey;
import dev.docket.workers.Occupancy;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of the workers of each key, as of the latest count. A worker of several keys counts for
 * each of them. There are no values while they are unknown.
 */
final class WorkerMetrics {

  private final Supplier<@Nullable Map<TaskKey, Occupancy>> latest;
  private final KeyLabels keys;
  private final PrometheusRegistry registry;

  WorkerMetrics(
      Supplier<@Nullable Map<TaskKey, Occupancy>> latest,
      KeyLabels keys,
      PrometheusRegistry registry) {
    this.latest = latest;
    this.keys = keys;
    this.registry = registry;
  }

  void register() {
    gauge("docket_workers", "Workers that report or hold a lease.", Occupancy::workers);
    gauge(
        "docket_worker_slots",
        "Tasks that these workers can run at the same time, as far as they report that.",
        Occupancy::slots);
    gauge(
        "docket_worker_slots_taken",
        "Tasks that these workers hold, of any key.",
        Occupancy::taken);
  }

  private void gauge(String name, String help, Function<Occupancy, @Nullable Integer> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("key")
        .callback(
            callback -> {
              Map<TaskKey, Occupancy> known = latest.get();
              if (known != null) {
                keys.sum(
                    known.entrySet(),
                    Map.Entry::getKey,
                    entry -> value.apply(entry.getValue()),
                    callback);
              }
            })
        .register(registry);
  }
}
