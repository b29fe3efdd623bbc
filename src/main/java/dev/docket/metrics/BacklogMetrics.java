package dev.docket.metrics;

import dev.docket.counts.Backlog;
import dev.docket.counts.BacklogListener;
import dev.docket.task.TaskState;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of open tasks, as of the latest count. A combination of key and state without open tasks
 * has no value, and no combination has one while the store is unavailable.
 */
final class BacklogMetrics implements BacklogListener {

  private final KeyLabels keys;
  private final Clock clock;
  private volatile Map<KeyState, Sum> counts = Map.of();
  private volatile @Nullable Boolean storeUp;

  private record KeyState(String key, TaskState state) {}

  /** Counts of one key, or of all keys that share a label. */
  private record Sum(
      long count, long delayed, long manual, long limited, @Nullable Instant oldest) {
    static Sum of(Backlog backlog) {
      return new Sum(
          backlog.count() - backlog.manual(),
          backlog.delayed(),
          backlog.manual(),
          backlog.limited(),
          backlog.oldest());
    }

    static Sum add(Sum a, Sum b) {
      return new Sum(
          a.count + b.count,
          a.delayed + b.delayed,
          a.manual + b.manual,
          a.limited + b.limited,
          older(a.oldest, b.oldest));
    }

    private static @Nullable Instant older(@Nullable Instant a, @Nullable Instant b) {
      if (a == null || b == null) {
        return a == null ? b : a;
      }
      return a.isBefore(b) ? a : b;
    }
  }

  BacklogMetrics(KeyLabels keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  void register(PrometheusRegistry registry) {
    gauge(
        "docket_tasks_open",
        "Tasks that have not ended, excluding manual tasks.",
        (state, sum) -> (double) sum.count(),
        registry);
    gauge(
        "docket_tasks_manual",
        "Manual tasks that wait for a person, or that a person has claimed.",
        (state, sum) -> (double) sum.manual(),
        registry);
    gauge(
        "docket_tasks_delayed",
        "Open tasks that are not due yet, because of due_at or a backoff.",
        (state, sum) -> (double) sum.delayed(),
        registry);
    gauge(
        "docket_tasks_limited",
        "Open tasks that wait because their key is paused or limited, excluding manual tasks.",
        (state, sum) -> (double) sum.limited(),
        registry);
    gauge(
        "docket_oldest_waiting_age_seconds",
        "Age of the oldest waiting task, in seconds, excluding delayed, limited and manual tasks.",
        (state, sum) -> state == TaskState.PROCESSING ? null : age(sum),
        registry);
    gauge(
        "docket_oldest_running_age_seconds",
        "Age of the oldest current run, in seconds, excluding manual tasks.",
        (state, sum) -> state == TaskState.PROCESSING ? age(sum) : null,
        registry);
  }

  private void gauge(
      String name,
      String help,
      BiFunction<TaskState, Sum, @Nullable Double> value,
      PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("key", "state")
        .callback(
            callback ->
                counts.forEach(
                    (keyState, sum) -> {
                      Double number = value.apply(keyState.state(), sum);
                      if (number != null) {
                        callback.call(number, keyState.key(), TaskMetrics.label(keyState.state()));
                      }
                    }))
        .register(registry);
  }

  private @Nullable Double age(Sum sum) {
    Instant oldest = sum.oldest();
    return oldest == null
        ? null
        : Math.max(0, Duration.between(oldest, clock.instant()).toMillis()) / 1000.0;
  }

  @Override
  public void counted(List<Backlog> open, boolean storeHealthy) {
    Map<KeyState, Sum> found = new LinkedHashMap<>();
    for (Backlog backlog : open) {
      KeyState keyState = new KeyState(keys.of(backlog.key()), backlog.state());
      found.merge(keyState, Sum.of(backlog), Sum::add);
    }
    counts = found;
    storeUp = storeHealthy;
  }

  @Override
  public void failed() {
    counts = Map.of();
    storeUp = false;
  }

  /** Returns whether the store was available at the latest count; empty before the first. */
  Optional<Boolean> storeUp() {
    return Optional.ofNullable(storeUp);
  }
}
