package dev.docket.metrics;

import dev.docket.task.Task;
import dev.docket.task.TaskListener;
import dev.docket.task.machine.Command;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Counts tasks and documents that were deleted because of their age. */
final class RetentionMetrics implements TaskListener {

  private static final String TASK = "task";
  private static final String DOCUMENT = "document";

  private final Counter deleted;

  RetentionMetrics(PrometheusRegistry registry) {
    deleted =
        Counter.builder()
            .name("docket_retention_deleted_total")
            .help("Tasks and documents deleted because of their age.")
            .labelNames("what")
            .register(registry);
    deleted.initLabelValues(TASK);
    deleted.initLabelValues(DOCUMENT);
  }

  @Override
  public void changed(Task before, Command by, Task after) {
    if (by instanceof Command.Expire) {
      deleted.labelValues(TASK).inc();
    }
  }

  void documents(int number) {
    deleted.labelValues(DOCUMENT).inc(number);
  }
}
