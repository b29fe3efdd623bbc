package dev.docket.metrics;

import dev.docket.broker.TaskPublisher;
import dev.docket.task.Task;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Counts what becomes of the messages of tasks. */
final class CountingTaskPublisher implements TaskPublisher {

  private final TaskPublisher publisher;
  private final Counter counter;

  CountingTaskPublisher(TaskPublisher publisher, PrometheusRegistry registry) {
    this.publisher = publisher;
    this.counter =
        Counter.builder()
            .name("docket_published_total")
            .help("Messages of tasks given to the broker")
            .labelNames("outcome")
            .register(registry);
    for (Sent sent : Sent.values()) {
      counter.initLabelValues(label(sent));
    }
  }

  @Override
  public CompletionStage<Sent> publish(Task task) {
    return publisher
        .publish(task)
        .thenApply(
            sent -> {
              counter.labelValues(label(sent)).inc();
              return sent;
            });
  }

  @Override
  public boolean ready() {
    return publisher.ready();
  }

  @Override
  public CompletionStage<Void> revoke(Task task) {
    return publisher.revoke(task);
  }

  private static String label(Sent sent) {
    return sent.name().toLowerCase(Locale.ROOT);
  }
}
