package dev.docket.metrics;

import com.codahale.metrics.MetricRegistry;
import dev.docket.broker.ReplyHandler;
import dev.docket.broker.TaskPublisher;
import dev.docket.counts.BacklogListener;
import dev.docket.drift.Drift;
import dev.docket.elastic.client.BulkListener;
import dev.docket.maintenance.Sweep;
import dev.docket.task.KeyLimits;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskListener;
import dev.docket.workers.Occupancy;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of one server, with their own registry. Provides listeners and decorators that
 * collect them; request each only once. A scrape never blocks on a backend.
 */
public final class Metrics {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final KeyLabels keys;
  private final List<TaskListener> taskListeners;
  private final BulkListener bulkListener;
  private final SweepMetrics sweeps;
  private final RetentionMetrics retention;
  private @Nullable BacklogMetrics backlog;

  /**
   * Registers the metrics of the JVM and of Dropwizard.
   *
   * @param version the server's version
   * @param configured task keys that always have their own label value
   */
  public Metrics(String version, Collection<TaskKey> configured, MetricRegistry dropwizard) {
    keys = new KeyLabels(configured);
    retention = new RetentionMetrics(registry);
    taskListeners =
        List.of(new TaskMetrics(keys, registry), new RepairMetrics(registry), retention);
    bulkListener = new BulkMetrics(registry);
    sweeps = new SweepMetrics(registry);
    Info build =
        Info.builder()
            .name("docket_build_info")
            .help("Version of the server.")
            .labelNames("version")
            .register(registry);
    build.addLabelValues(version);
    new HttpMetrics(dropwizard).register(registry);
    JvmMetrics.builder().register(registry);
  }

  /** Returns the listeners to register with the task service. */
  public List<TaskListener> taskListeners() {
    return taskListeners;
  }

  /** Returns the listener to register with the store. */
  public BulkListener bulkListener() {
    return bulkListener;
  }

  /** Wraps a reply handler, to count replies. */
  public ReplyHandler instrument(ReplyHandler handler) {
    return new CountingReplyHandler(handler, registry);
  }

  /** Wraps a publisher, to count published messages. */
  public TaskPublisher instrument(TaskPublisher publisher) {
    return new CountingTaskPublisher(publisher, registry);
  }

  /** Returns a consumer for the number of documents that were deleted because of their age. */
  public IntConsumer expiredDocuments() {
    return retention::documents;
  }

  /** Wraps a sweep that runs on every server, to measure its runs. */
  public Sweep instrument(Sweep sweep, Duration interval) {
    return measured(sweep, interval, MeasuredSweep.Runs.ON_EVERY_SERVER, () -> false);
  }

  /**
   * Wraps a sweep that runs on the leader only, to measure its runs.
   *
   * @param isLeader whether this server is the leader; must not block
   */
  public Sweep instrumentOnLeader(Sweep sweep, Duration interval, BooleanSupplier isLeader) {
    return measured(sweep, interval, MeasuredSweep.Runs.ON_LEADER, isLeader);
  }

  private Sweep measured(
      Sweep sweep, Duration interval, MeasuredSweep.Runs runs, BooleanSupplier isLeader) {
    MeasuredSweep measured =
        new MeasuredSweep(sweep, sweeps, interval, runs, isLeader, System::nanoTime);
    sweeps.add(measured);
    return measured;
  }

  /** Creates the listener that reports the counts of open tasks. */
  public BacklogListener backlog(Clock clock) {
    BacklogMetrics created = new BacklogMetrics(keys, clock);
    created.register(registry);
    backlog = created;
    return created;
  }

  /**
   * Registers gauges that are read at each scrape. The suppliers must not block.
   *
   * @param inFlight number of messages that the broker has not confirmed yet
   * @param pendingWrites number of writes in flight or waiting
   * @param brokerUp whether the broker is available
   * @param isLeader whether this server is the leader
   */
  public void watch(
      IntSupplier inFlight,
      IntSupplier pendingWrites,
      BooleanSupplier brokerUp,
      BooleanSupplier isLeader) {
    gauge(
        "docket_leader",
        "1 on the leader, 0 on the other servers.",
        () -> isLeader.getAsBoolean() ? 1 : 0);
    gauge(
        "docket_publisher_in_flight", "Messages that the broker has not confirmed yet.", inFlight);
    gauge(
        "docket_bulk_waiting",
        "Writes to Elasticsearch in flight or waiting for the next bulk request.",
        pendingWrites);
    GaugeWithCallback.builder()
        .name("docket_up")
        .help("1 if the server can use the part, 0 if not; Elasticsearch as of the last sweep.")
        .labelNames("part")
        .callback(
            callback -> {
              Optional<Boolean> store = backlog == null ? Optional.empty() : backlog.storeUp();
              store.ifPresent(up -> callback.call(up ? 1 : 0, "elasticsearch"));
              callback.call(brokerUp.getAsBoolean() ? 1 : 0, "broker");
            })
        .register(registry);
  }

  /** Registers the metrics of the latest drift. The supplier must not block. */
  public void drift(Supplier<Drift> latest) {
    new DriftMetrics(latest, keys, registry).register();
  }

  /** Registers the metrics of the workers. The supplier must not block; null means unknown. */
  public void workers(Supplier<@Nullable Map<TaskKey, Occupancy>> latest) {
    new WorkerMetrics(latest, keys, registry).register();
  }

  /** Registers the metrics of the limits of task keys. The function must not block. */
  public void limits(Supplier<Set<TaskKey>> limited, Function<TaskKey, KeyLimits> limits) {
    new LimitMetrics(limited, limits, keys, registry).register();
  }

  /**
   * Registers metrics of events. The suppliers must not block.
   *
   * @param unpublished number of events that were not published to the broker
   * @param dropped number of events that slow readers did not receive
   * @param streams number of readers
   */
  public void watchEvents(LongSupplier unpublished, LongSupplier dropped, IntSupplier streams) {
    CounterWithCallback.builder()
        .name("docket_events_dropped_total")
        .help("Events not delivered to the broker, or to a reader of /events that was too slow.")
        .labelNames("at")
        .callback(
            callback -> {
              callback.call((double) unpublished.getAsLong(), "broker");
              callback.call((double) dropped.getAsLong(), "reader");
            })
        .register(registry);
    gauge("docket_event_streams", "Open event streams.", streams);
  }

  /** Watches the logs of tasks. */
  public void watchLogs(LongSupplier dropped) {
    CounterWithCallback.builder()
        .name("docket_task_log_lines_dropped_total")
        .help("Lines not stored because the log of their run was full.")
        .callback(callback -> callback.call((double) dropped.getAsLong()))
        .register(registry);
  }

  private void gauge(String name, String help, IntSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsInt()))
        .register(registry);
  }

  PrometheusRegistry registry() {
    return registry;
  }

  /** Returns a servlet that serves all metrics as text, OpenMetrics or protobuf. */
  public PrometheusMetricsServlet servlet() {
    return new PrometheusMetricsServlet(registry);
  }
}
