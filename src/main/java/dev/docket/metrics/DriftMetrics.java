package dev.docket.metrics;

import dev.docket.drift.Drift;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Metrics of the drift at the latest census. What could not be counted has no value. */
final class DriftMetrics {

  private final Supplier<Drift> latest;
  private final KeyLabels keys;
  private final PrometheusRegistry registry;

  /** Registers its metrics. */
  DriftMetrics(Supplier<Drift> latest, KeyLabels keys, PrometheusRegistry registry) {
    this.latest = latest;
    this.keys = keys;
    this.registry = registry;
  }

  void register() {
    gauge(
        "docket_drift_missing",
        "Messages that the broker has lost, as a lower bound.",
        Drift.KeyDrift::missing);
    gauge(
        "docket_drift_surplus",
        "Messages beyond the tasks that may have one.",
        Drift.KeyDrift::surplus);
    gauge(
        "docket_broker_messages_ready",
        "Messages waiting in the workers' queues.",
        queues(Drift.QueueTotals::ready));
    gauge(
        "docket_broker_messages_unacknowledged",
        "Messages delivered to workers and not acknowledged.",
        queues(Drift.QueueTotals::unacknowledged));
    gauge(
        "docket_broker_consumers",
        "Consumers of the workers' queues.",
        queues(totals -> (long) totals.consumers()));
    GaugeWithCallback.builder()
        .name("docket_census_up")
        .help("1 if the latest census could count the broker's queues, 0 if not.")
        .callback(callback -> callback.call(latest.get().counted() ? 1 : 0))
        .register(registry);
    GaugeWithCallback.builder()
        .name("docket_drift_look_timestamp_seconds")
        .help("Time of the queue statistics in the latest comparison, in seconds since the epoch.")
        .callback(
            callback -> {
              Instant at = latest.get().at();
              if (at != null) {
                callback.call(at.toEpochMilli() / 1000.0);
              }
            })
        .register(registry);
  }

  private static Function<Drift.KeyDrift, @Nullable Long> queues(
      Function<Drift.QueueTotals, Long> value) {
    return key -> key.queues() == null ? null : value.apply(key.queues());
  }

  private void gauge(String name, String help, Function<Drift.KeyDrift, @Nullable Long> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("key")
        .callback(callback -> keys.sum(latest.get().keys(), Drift.KeyDrift::key, value, callback))
        .register(registry);
  }
}
