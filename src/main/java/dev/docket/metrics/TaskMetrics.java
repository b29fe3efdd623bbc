package dev.docket.metrics;

import dev.docket.task.Task;
import dev.docket.task.TaskListener;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Metrics of the tasks' transitions, waiting times and run times. */
final class TaskMetrics implements TaskListener {

  private final KeyLabels keys;
  private final Counter submitted;
  private final Counter transitions;
  private final Counter refusals;
  private final Histogram waits;
  private final Histogram runs;

  TaskMetrics(KeyLabels keys, PrometheusRegistry registry) {
    this.keys = keys;
    submitted =
        Counter.builder()
            .name("docket_tasks_submitted_total")
            .help("Tasks created, including those created as a dependency.")
            .labelNames("key")
            .register(registry);
    transitions =
        Counter.builder()
            .name("docket_task_moves_total")
            .help("Transitions of tasks into a state, or into a new run in the same state.")
            .labelNames("key", "state")
            .register(registry);
    refusals =
        Counter.builder()
            .name("docket_task_refusals_total")
            .help("Commands refused, by reason.")
            .labelNames("command", "reason")
            .register(registry);
    waits =
        Histogram.builder()
            .name("docket_task_wait_seconds")
            .help("Time from the broker until a worker starts or replies, in seconds.")
            .labelNames("key")
            .classicUpperBounds(HistogramBuckets.work())
            .register(registry);
    runs =
        Histogram.builder()
            .name("docket_task_run_seconds")
            .help("Duration of runs, in seconds, by the state that the run led to.")
            .labelNames("key", "state")
            .classicUpperBounds(HistogramBuckets.work())
            .register(registry);
  }

  @Override
  public void created(Task task) {
    String key = keys.of(task.key());
    submitted.labelValues(key).inc();
    transitions.labelValues(key, label(task.state())).inc();
  }

  @Override
  public void changed(Task before, Command by, Task after) {
    boolean newRun = before.attempt() != after.attempt();
    if (before.state() == after.state() && !newRun) {
      return;
    }
    String key = keys.of(after.key());
    transitions.labelValues(key, label(after.state())).inc();
    if (before.state() == TaskState.PROCESSING) {
      recordRun(key, before, after);
    } else if (after.state() == TaskState.PROCESSING) {
      Long queuedMs = after.queuedMs();
      if (queuedMs != null) {
        waits.labelValues(key).observe(queuedMs / 1000.0);
      }
    } else if (by instanceof Command.FromWorker) {
      recordReply(key, before, after);
    }
  }

  private void recordRun(String key, Task before, Task after) {
    Instant started = before.startedAt();
    if (started != null) {
      runs.labelValues(key, label(after.state())).observe(seconds(started, after.updatedAt()));
    }
  }

  /** Without a reported start, the time until the reply includes the wait and the run. */
  private void recordReply(String key, Task before, Task after) {
    Instant queuedAt = before.queuedAt() != null ? before.queuedAt() : before.dispatchedAt();
    if (queuedAt != null) {
      waits.labelValues(key).observe(seconds(queuedAt, after.updatedAt()));
    }
  }

  @Override
  public void refused(Task task, Command command, Decision.Reason reason) {
    refusals.labelValues(command.label(), reason.name().toLowerCase(Locale.ROOT)).inc();
  }

  static String label(TaskState state) {
    return String.valueOf(state.number());
  }

  private static double seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis()) / 1000.0;
  }
}
