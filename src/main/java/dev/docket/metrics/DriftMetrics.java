package dev.docket.metrics;

import dev.docket.drift.Drift;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How far store and broker disagreed at the last look. What could not be counted has no figure. */
final class DriftMetrics {

  private final Supplier<Drift> last;
  private final KeyLabels keys;
  private final PrometheusRegistry registry;

  /** Registers its figures. */
  DriftMetrics(Supplier<Drift> last, KeyLabels keys, PrometheusRegistry registry) {
    this.last = last;
    this.keys = keys;
    this.registry = registry;
    gauge("docket_drift_missing", "Messages that the broker lacks", Drift.OfKey::missing);
    gauge("docket_drift_surplus", "Messages that no task waits for", Drift.OfKey::surplus);
    gauge(
        "docket_broker_messages_ready",
        "Messages that wait in the queues of workers",
        broker(Drift.Broker::ready));
    gauge(
        "docket_broker_messages_unacknowledged",
        "Messages in the hands of workers",
        broker(Drift.Broker::unacknowledged));
    gauge(
        "docket_broker_consumers",
        "Consumers of the queues of workers",
        broker(b -> (long) b.consumers()));
    GaugeWithCallback.builder()
        .name("docket_census_up")
        .help("1 if the broker's queues could be counted at the last look, 0 if not")
        .callback(callback -> callback.call(last.get().census() ? 1 : 0))
        .register(registry);
    GaugeWithCallback.builder()
        .name("docket_drift_look_timestamp_seconds")
        .help("When the broker was counted that was last compared with the store")
        .callback(
            callback -> {
              Instant at = last.get().at();
              if (at != null) {
                callback.call(at.toEpochMilli() / 1000.0);
              }
            })
        .register(registry);
  }

  private static Function<Drift.OfKey, @Nullable Long> broker(Function<Drift.Broker, Long> figure) {
    return key -> key.broker() == null ? null : figure.apply(key.broker());
  }

  private void gauge(String name, String help, Function<Drift.OfKey, @Nullable Long> figure) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("key")
        .callback(
            callback -> {
              Map<String, Long> sums = new TreeMap<>();
              for (Drift.OfKey key : last.get().keys()) {
                Long value = figure.apply(key);
                if (value != null) {
                  sums.merge(keys.of(key.key()), value, Long::sum);
                }
              }
              sums.forEach((label, sum) -> callback.call(sum, label));
            })
        .register(registry);
  }
}
