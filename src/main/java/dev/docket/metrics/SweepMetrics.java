package dev.docket.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/** Metrics of the sweeps' runs. */
final class SweepMetrics {

  private final Counter runs;
  private final Counter seconds;
  private final List<MeasuredSweep> sweeps = new CopyOnWriteArrayList<>();

  SweepMetrics(PrometheusRegistry registry) {
    runs =
        Counter.builder()
            .name("docket_sweep_looks_total")
            .help("Runs of the sweeps, by outcome.")
            .labelNames("sweep", "outcome")
            .register(registry);
    seconds =
        Counter.builder()
            .name("docket_sweep_seconds_total")
            .help("Total duration of the sweeps' runs, in seconds.")
            .labelNames("sweep")
            .register(registry);
    gauge(
        "docket_sweep_age_seconds",
        "Time since the last complete run of the sweep on this server, in seconds.",
        MeasuredSweep::ageSeconds,
        registry);
    gauge(
        "docket_sweep_interval_seconds",
        "Time between two runs of the sweep, in seconds.",
        MeasuredSweep::intervalSeconds,
        registry);
  }

  private void gauge(
      String name,
      String help,
      ToDoubleFunction<MeasuredSweep> value,
      PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("sweep", "runs_on")
        .callback(
            callback ->
                sweeps.forEach(
                    sweep ->
                        callback.call(
                            value.applyAsDouble(sweep), sweep.name(), sweep.runs().label())))
        .register(registry);
  }

  /** Exports the metrics of a sweep, also before its first run. */
  void add(MeasuredSweep sweep) {
    for (String outcome : List.of("done", "failed")) {
      runs.initLabelValues(sweep.name(), outcome);
    }
    seconds.initLabelValues(sweep.name());
    sweeps.add(sweep);
  }

  void ended(String sweep, boolean done, long nanos) {
    seconds.labelValues(sweep).inc(nanos / 1e9);
    runs.labelValues(sweep, done ? "done" : "failed").inc();
  }
}
