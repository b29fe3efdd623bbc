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

/** What happens to tasks, and how long they wait and run. */
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
            .help("Tasks made")
            .labelNames("key")
            .register(registry);
    transitions =
        Counter.builder()
            .name("docket_task_moves_total")
            .help("Tasks that came into a state, or into a new run in the same state")
            .labelNames("key", "state")
            .register(registry);
    refusals =
        Counter.builder()
            .name("docket_task_refusals_total")
            .help("Commands that were refused")
            .labelNames("command", "reason")
            .register(registry);
    waits =
        Histogram.builder()
            .name("docket_task_wait_seconds")
            .help("From the broker until a worker began; until it answered, if it never says so")
            .labelNames("key")
            .classicUpperBounds(HistogramBuckets.work())
            .register(registry);
    runs =
        Histogram.builder()
            .name("docket_task_run_seconds")
            .help("How long runs took, by the state that they led to")
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
  public void moved(Task before, Command by, Task after) {
    boolean newRun = before.attempt() != after.attempt();
    if (before.state() == after.state() && !newRun) {
      return;
    }
    String key = keys.of(after.key());
    transitions.labelValues(key, label(after.state())).inc();
    if (before.state() == TaskState.PROCESSING) {
      ran(key, before, after);
    } else if (after.state() == TaskState.PROCESSING) {
      Long waited = after.queuedMs();
      if (waited != null) {
        waits.labelValues(key).observe(waited / 1000.0);
      }
    } else if (by instanceof Command.OfRun) {
      answered(key, before, after);
    }
  }

  private void ran(String key, Task before, Task after) {
    Instant started = before.startedAt();
    if (started != null) {
      runs.labelValues(key, label(after.state())).observe(seconds(started, after.updatedAt()));
    }
  }

  /** It was never said that work had begun: the wait and the run are one. */
  private void answered(String key, Task before, Task after) {
    Instant sent = before.queuedAt() != null ? before.queuedAt() : before.dispatchedAt();
    if (sent != null) {
      waits.labelValues(key).observe(seconds(sent, after.updatedAt()));
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
