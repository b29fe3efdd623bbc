package dev.docket.metrics;

import dev.docket.elastic.client.BulkListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Metrics of bulk requests to Elasticsearch. */
final class BulkMetrics implements BulkListener {

  private final Counter requests;
  private final Counter bytes;
  private final Histogram items;
  private final Histogram seconds;

  BulkMetrics(PrometheusRegistry registry) {
    requests =
        Counter.builder()
            .name("docket_bulk_requests_total")
            .help("Bulk requests to Elasticsearch, including retries.")
            .labelNames("outcome")
            .register(registry);
    for (Outcome outcome : Outcome.values()) {
      requests.initLabelValues(label(outcome));
    }
    bytes =
        Counter.builder()
            .name("docket_bulk_bytes_total")
            .help("Size of all bulk requests, in bytes.")
            .register(registry);
    items =
        Histogram.builder()
            .name("docket_bulk_items")
            .help("Number of writes in a bulk request.")
            .classicUpperBounds(HistogramBuckets.items())
            .register(registry);
    seconds =
        Histogram.builder()
            .name("docket_bulk_seconds")
            .help("Duration of bulk requests, in seconds.")
            .classicUpperBounds(HistogramBuckets.requests())
            .register(registry);
  }

  @Override
  public void ended(int count, long size, long nanos, Outcome outcome) {
    requests.labelValues(label(outcome)).inc();
    bytes.inc(size);
    items.observe(count);
    seconds.observe(nanos / 1e9);
  }

  private static String label(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }
}
