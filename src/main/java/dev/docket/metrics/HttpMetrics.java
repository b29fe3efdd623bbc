package dev.docket.metrics;

import com.codahale.metrics.Counting;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.SummaryWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import java.util.Collection;
import java.util.List;

/**
 * Exports Dropwizard's metrics of HTTP requests to the application port and of log lines, under
 * names that do not depend on its class names.
 */
final class HttpMetrics {

  private static final List<String> STATUSES = List.of("1xx", "2xx", "3xx", "4xx", "5xx");
  private static final List<String> LEVELS = List.of("warn", "error");

  private final MetricRegistry dropwizard;

  HttpMetrics(MetricRegistry dropwizard) {
    this.dropwizard = dropwizard;
  }

  void register(PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name("docket_http_responses_total")
        .help("HTTP responses of the application port, by status class.")
        .labelNames("status")
        .callback(
            callback -> {
              for (String status : STATUSES) {
                callback.call(sum(meters("." + status + "-responses")), status);
              }
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("docket_http_active_requests")
        .help("HTTP requests of the application port in progress, including polls.")
        .callback(
            callback ->
                callback.call(
                    sum(
                        dropwizard
                            .getCounters((name, counter) -> name.endsWith(".active-requests"))
                            .values())))
        .register(registry);
    SummaryWithCallback.builder()
        .name("docket_http_request_seconds")
        .help("Duration of HTTP requests of the last minutes, in seconds, including polls.")
        .callback(this::times)
        .register(registry);
    CounterWithCallback.builder()
        .name("docket_log_lines_total")
        .help("Log lines of level warn and error, by level.")
        .labelNames("level")
        .callback(
            callback -> {
              for (String level : LEVELS) {
                callback.call(sum(meters(".Appender." + level)), level);
              }
            })
        .register(registry);
  }

  private Collection<? extends Counting> meters(String suffix) {
    return dropwizard.getMeters((name, meter) -> name.endsWith(suffix)).values();
  }

  private static double sum(Collection<? extends Counting> counts) {
    return counts.stream().mapToLong(Counting::getCount).sum();
  }

  private void times(SummaryWithCallback.Callback callback) {
    for (Timer timer :
        dropwizard.getTimers((name, timer) -> name.endsWith("Handler.requests")).values()) {
      Snapshot times = timer.getSnapshot();
      callback.call(
          timer.getCount(),
          Double.NaN,
          Quantiles.of(
              new Quantile(0.5, times.getMedian() / 1e9),
              new Quantile(0.95, times.get95thPercentile() / 1e9),
              new Quantile(0.99, times.get99thPercentile() / 1e9)));
      return;
    }
  }
}
