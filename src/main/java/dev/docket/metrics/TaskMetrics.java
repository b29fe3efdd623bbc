package dev.docket.metrics;

import dev.docket.task.Task;
import dev.docket.task.TaskListener;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.RunTimes;
import dev.docket.task.machine.RunTiming;
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
            .help(
                "Time from the broker until a worker starts, in seconds; observed at the run's end.")
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
    boolean newRun = before.run().attempt() != after.run().attempt();
    if (before.state() == after.state() && !newRun) {
      return;
    }
    String key = keys.of(after.key());
    transitions.labelValues(key, label(after.state())).inc();
    if (before.state() == TaskState.PROCESSING) {
      recordRun(key, before, by, after);
    } else if (after.state() != TaskState.PROCESSING && by instanceof Command.FromWorker) {
      recordReply(key, before, after);
    }
  }

  /** At the end of a run, its worker says how long it had held the task before it started. */
  private void recordRun(String key, Task before, Command by, Task after) {
    RunTiming timing = by instanceof Command.EndsRun end ? end.timing() : RunTiming.UNKNOWN;
    RunTimes times = RunTimes.of(before, timing, after.updatedAt());
    if (times != null) {
      waits.labelValues(key).observe(times.queuedMs() / 1000.0);
      runs.labelValues(key, label(after.state())).observe(times.runMs() / 1000.0);
    }
  }

  /** Without a reported start, the time until the reply includes the wait and the run. */
  private void recordReply(String key, Task before, Task after) {
    Instant queuedAt =
        before.run().queuedAt() != null ? before.run().queuedAt() : before.run().dispatchedAt();
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
