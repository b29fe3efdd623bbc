package dev.docket.metrics;

import com.codahale.metrics.MetricRegistry;
import dev.docket.broker.ReplyHandler;
import dev.docket.broker.TaskPublisher;
import dev.docket.counts.LatestCounts;
import dev.docket.drift.Drift;
import dev.docket.elastic.client.BulkListener;
import dev.docket.maintenance.Sweep;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskListener;
import dev.docket.task.TaskStore;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All figures of one server, with a registry of its own. It hands out what listens or stands in
 * between; each is to be asked for once. Reading the figures waits for nobody.
 */
public final class Metrics {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final KeyLabels keys;
  private final List<TaskListener> taskListeners;
  private final BulkListener bulkListener;
  private final Counter looks;
  private final Counter lookSeconds;
  private final RetentionMetrics retention;
  private @Nullable BacklogSweep backlog;

  /**
   * With the JVM's figures, and those that Dropwizard gathers.
   *
   * @param version of the server
   * @param configured the keys that get a label of their own in any case
   */
  public Metrics(String version, Collection<TaskKey> configured, MetricRegistry dropwizard) {
    keys = new KeyLabels(configured);
    retention = new RetentionMetrics(registry);
    taskListeners =
        List.of(new TaskMetrics(keys, registry), new RepairMetrics(registry), retention);
    bulkListener = new BulkMetrics(registry);
    looks =
        Counter.builder()
            .name("docket_sweep_looks_total")
            .help("Looks of the sweeps and watches")
            .labelNames("sweep", "outcome")
            .register(registry);
    lookSeconds =
        Counter.builder()
            .name("docket_sweep_seconds_total")
            .help("How long those looks took together")
            .labelNames("sweep")
            .register(registry);
    Info build =
        Info.builder()
            .name("docket_build_info")
            .help("The server that runs here")
            .labelNames("version")
            .register(registry);
    build.addLabelValues(version);
    var unused = new HttpMetrics(dropwizard, registry);
    JvmMetrics.builder().register(registry);
  }

  /** To be told by the desk. */
  public List<TaskListener> taskListeners() {
    return taskListeners;
  }

  /** To be told by the store. */
  public BulkListener bulkListener() {
    return bulkListener;
  }

  /** The same answers, counted. */
  public ReplyHandler counted(ReplyHandler answers) {
    return new CountingReplyHandler(answers, registry);
  }

  /** The same courier, counted. */
  public TaskPublisher counted(TaskPublisher publisher) {
    return new CountingTaskPublisher(publisher, registry);
  }

  /** To be told how many documents were deleted because they are old. */
  public IntConsumer expiredDocuments() {
    return retention::documents;
  }

  /** The same sweep, with its looks counted. */
  public Sweep counted(Sweep sweep) {
    return new MeasuredSweep(sweep, looks, lookSeconds);
  }

  /**
   * Counts what is open whenever it looks.
   *
   * @param storeTrouble what is wrong with the store; asked by the sweep only
   * @param board where it is noted too
   */
  public Sweep backlog(
      TaskStore.Sweeps sweeps,
      Supplier<Optional<String>> storeTrouble,
      LatestCounts board,
      Clock clock) {
    backlog = new BacklogSweep(sweeps, storeTrouble, board, keys, clock, registry);
    return backlog;
  }

  /**
   * Shows what is so when the figures are read; all of it must come from memory.
   *
   * @param inFlight messages that the broker has not confirmed yet
   * @param writesWaiting writes under way or waiting
   * @param brokerUp whether the broker can be used
   * @param leads whether this server reconciles
   */
  public void watch(
      IntSupplier inFlight,
      IntSupplier writesWaiting,
      BooleanSupplier brokerUp,
      BooleanSupplier leads) {
    gauge(
        "docket_leader",
        "1 on the server that reconciles, 0 on the others",
        () -> leads.getAsBoolean() ? 1 : 0);
    gauge("docket_publisher_in_flight", "Messages without confirmation so far", inFlight);
    gauge("docket_bulk_waiting", "Writes to Elasticsearch under way or waiting", writesWaiting);
    GaugeWithCallback.builder()
        .name("docket_up")
        .help("1 if this part can be used, 0 if not; of the store, at the last look")
        .labelNames("part")
        .callback(
            callback -> {
              Optional<Boolean> store = backlog == null ? Optional.empty() : backlog.storeUp();
              store.ifPresent(up -> callback.call(up ? 1 : 0, "elasticsearch"));
              callback.call(brokerUp.getAsBoolean() ? 1 : 0, "broker");
            })
        .register(registry);
  }

  /** Shows the last look at what the broker has; it must come from memory. */
  public void drift(Supplier<Drift> last) {
    var unused = new DriftMetrics(last, keys, registry);
  }

  /**
   * Shows what becomes of events when the figures are read.
   *
   * @param dropped how many were not published
   * @param lost how many readers were too slow for
   * @param streams how many readers there are
   */
  public void watchEvents(LongSupplier dropped, LongSupplier lost, IntSupplier streams) {
    CounterWithCallback.builder()
        .name("docket_events_dropped_total")
        .help("Events that were not told, or not to a reader who was too slow")
        .labelNames("at")
        .callback(
            callback -> {
              callback.call((double) dropped.getAsLong(), "broker");
              callback.call((double) lost.getAsLong(), "reader");
            })
        .register(registry);
    gauge("docket_event_streams", "Streams of events that are open", streams);
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

  /** Answers with all figures, as text, OpenMetrics or protobuf. */
  public PrometheusMetricsServlet servlet() {
    return new PrometheusMetricsServlet(registry);
  }
}
