package dev.docket.metrics;

import dev.docket.counts.LatestCounts;
import dev.docket.maintenance.Sweep;
import dev.docket.task.Backlog;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is open, every now and then and in the background: reading the figures searches for
 * nothing. What is no longer open has no figures, and nothing has while the store cannot be asked.
 */
final class BacklogSweep implements Sweep {

  private final TaskStore.Sweeps sweeps;
  private final Supplier<Optional<String>> healthError;
  private final LatestCounts board;
  private final KeyLabels keys;
  private final Clock clock;
  private volatile Map<Place, Sum> seen = Map.of();
  private volatile @Nullable Boolean storeUp;

  private record Place(String key, TaskState state) {}

  /** Of one key, or of all those that share a label. */
  private record Sum(long count, long delayed, @Nullable Instant oldest) {
    static Sum of(Backlog backlog) {
      return new Sum(backlog.count(), backlog.delayed(), backlog.oldest());
    }

    static Sum both(Sum a, Sum b) {
      return new Sum(a.count + b.count, a.delayed + b.delayed, older(a.oldest, b.oldest));
    }

    private static @Nullable Instant older(@Nullable Instant a, @Nullable Instant b) {
      if (a == null || b == null) {
        return a == null ? b : a;
      }
      return a.isBefore(b) ? a : b;
    }
  }

  /**
   * Registers its figures.
   *
   * @param healthError what is wrong with the store; asks it
   * @param board where what is open is noted too, with its time
   */
  BacklogSweep(
      TaskStore.Sweeps sweeps,
      Supplier<Optional<String>> healthError,
      LatestCounts board,
      KeyLabels keys,
      Clock clock,
      PrometheusRegistry registry) {
    this.sweeps = sweeps;
    this.healthError = healthError;
    this.board = board;
    this.keys = keys;
    this.clock = clock;
    gauge("docket_tasks_open", "Tasks that have not ended", Sum::count, registry);
    gauge(
        "docket_tasks_delayed",
        "Those of the open tasks that are not to be dispatched yet",
        Sum::delayed,
        registry);
    GaugeWithCallback.builder()
        .name("docket_oldest_waiting_age_seconds")
        .help("How long the one that waits for longest has waited, without the delayed")
        .labelNames("key", "state")
        .callback(callback -> ages(callback, false))
        .register(registry);
    GaugeWithCallback.builder()
        .name("docket_oldest_running_age_seconds")
        .help("How long the one that runs for longest has run")
        .labelNames("key", "state")
        .callback(callback -> ages(callback, true))
        .register(registry);
  }

  private void gauge(
      String name, String help, ToDoubleFunction<Sum> value, PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("key", "state")
        .callback(
            callback ->
                seen.forEach(
                    (place, sum) ->
                        callback.call(
                            value.applyAsDouble(sum),
                            place.key(),
                            TaskMetrics.label(place.state()))))
        .register(registry);
  }

  private void ages(GaugeWithCallback.Callback callback, boolean running) {
    Instant now = clock.instant();
    seen.forEach(
        (place, sum) -> {
          Instant oldest = sum.oldest();
          if (oldest != null && running == (place.state() == TaskState.PROCESSING)) {
            double age = Math.max(0, Duration.between(oldest, now).toMillis()) / 1000.0;
            callback.call(age, place.key(), TaskMetrics.label(place.state()));
          }
        });
  }

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public void run() {
    Map<Place, Sum> found = new LinkedHashMap<>();
    try {
      storeUp = healthError.get().isEmpty();
      Instant now = clock.instant();
      List<Backlog> open = sweeps.backlog(now);
      board.note(new LatestCounts.Open(now, open));
      for (Backlog backlog : open) {
        Place place = new Place(keys.of(backlog.key()), backlog.state());
        found.merge(place, Sum.of(backlog), Sum::both);
      }
    } catch (RuntimeException failure) {
      storeUp = false;
      found.clear();
      throw failure;
    } finally {
      seen = found;
    }
  }

  /** Whether the store was well at the last look; empty before the first. */
  Optional<Boolean> storeUp() {
    return Optional.ofNullable(storeUp);
  }
}
