package dev.docket.metrics;

import dev.docket.broker.TaskPublisher;
import dev.docket.task.Task;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Counts published task messages by outcome. */
final class CountingTaskPublisher implements TaskPublisher {

  private final TaskPublisher publisher;
  private final Counter counter;

  CountingTaskPublisher(TaskPublisher publisher, PrometheusRegistry registry) {
    this.publisher = publisher;
    this.counter =
        Counter.builder()
            .name("docket_published_total")
            .help("Task messages published to the broker, by outcome.")
            .labelNames("outcome")
            .register(registry);
    for (PublishOutcome outcome : PublishOutcome.values()) {
      counter.initLabelValues(label(outcome));
    }
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Task task) {
    return publisher
        .publish(task)
        .thenApply(
            outcome -> {
              counter.labelValues(label(outcome)).inc();
              return outcome;
            });
  }

  @Override
  public boolean ready() {
    return publisher.ready();
  }

  private static String label(PublishOutcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }
}
