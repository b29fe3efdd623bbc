package dev.docket.server;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.batch.Lines;
import dev.docket.batch.StreamedArray;
import dev.docket.courier.Courier;
import dev.docket.courier.Couriers;
import dev.docket.dispatch.AnswerDesk;
import dev.docket.dispatch.Confirmations;
import dev.docket.dispatch.Dependents;
import dev.docket.dispatch.Dispatcher;
import dev.docket.dispatch.LeaseWatch;
import dev.docket.dispatch.OverdueSweep;
import dev.docket.dispatch.PurgeSweep;
import dev.docket.dispatch.Rounds;
import dev.docket.dispatch.Sweep;
import dev.docket.dispatch.UnroutableSweep;
import dev.docket.document.DocumentResource;
import dev.docket.document.Documents;
import dev.docket.elastic.Elastic;
import dev.docket.errors.Bodies;
import dev.docket.metrics.Metrics;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.result.ResultResource;
import dev.docket.result.Results;
import dev.docket.search.SearchResource;
import dev.docket.task.Moment;
import dev.docket.task.Policies;
import dev.docket.task.Submissions;
import dev.docket.task.TaskCourier;
import dev.docket.task.TaskListResource;
import dev.docket.task.TaskResource;
import dev.docket.task.TaskStore;
import dev.docket.task.Tasks;
import dev.docket.worker.Polls;
import dev.docket.worker.Reports;
import dev.docket.worker.TaskWorkResource;
import dev.docket.worker.WorkerRegistry;
import dev.docket.worker.WorkerResource;
import dev.docket.worker.WorkersResource;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Makes every object, top to bottom: store, broker, desk, dispatch, resources. What it makes does
 * nothing before it is started.
 */
final class Wiring {

  private final Metrics metrics;
  private final Elastic elastic;
  private final RabbitBroker broker;
  private final Rounds rounds;
  private final Threads threads;
  private final List<Object> resources;

  Wiring(DocketConfig config, Environment environment, List<Courier> kinds) {
    Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    Supplier<Moment> moments = new Moments(clock);
    Couriers couriers = Couriers.of(kinds);
    Policies policies = new ConfiguredPolicies(config.tasks(), config.keys(), couriers);
    threads = new Threads();

    metrics = new Metrics(version(), config.keys().keySet(), environment.metrics());

    elastic =
        new Elastic(
            config.elasticsearch().settings(),
            config.elasticsearch().indices(),
            metrics.bulkListener());
    TaskStore.Sweeps sweeps = elastic.sweeps();
    broker = new RabbitBroker(config.broker().settings(), couriers, clock);
    TaskCourier courier = metrics.counted(broker.publisher());

    CompletableFuture<Tasks> desk = new CompletableFuture<>();
    Dispatcher dispatcher =
        new Dispatcher(
            courier,
            elastic.results(),
            new Dependents(sweeps, policies, moments, threads.blocking(), desk),
            new Confirmations(threads.timer(), desk),
            clock,
            desk);
    Tasks tasks =
        new Tasks(elastic.tasks(), policies, moments, dispatcher, metrics.taskListeners());
    desk.complete(tasks);
    broker.answerTo(metrics.counted(new AnswerDesk(tasks, couriers)));
    Documents documents = new Documents(elastic.documents(), clock, () -> moments.get().fresh());

    SweepConfig every = config.sweeps();
    Duration leases = every.leases().toJavaDuration();
    rounds =
        new Rounds(
            List.of(
                round(
                    new OverdueSweep(sweeps, tasks, dispatcher, courier, clock),
                    every.overdue().toJavaDuration()),
                round(new LeaseWatch(sweeps, tasks, policies, leases, System::nanoTime), leases),
                round(
                    new UnroutableSweep(sweeps, tasks, courier),
                    every.unroutable().toJavaDuration()),
                round(new PurgeSweep(documents, sweeps, tasks), every.purge().toJavaDuration()),
                round(
                    metrics.backlog(sweeps, elastic::trouble, clock),
                    every.backlog().toJavaDuration())));
    metrics.watch(
        broker.publisher()::unconfirmed,
        () -> elastic.writes().waiting(),
        () -> broker.unreachable().isEmpty());

    ObjectMapper mapper = environment.getObjectMapper();
    Bodies bodies = new Bodies(mapper, environment.getValidator());
    Lines lines = new Lines(mapper);
    StreamedArray array = new StreamedArray(mapper);
    Submissions submissions =
        new Submissions(documents, elastic.tasks(), tasks, policies, couriers.names(), moments);
    Results results = new Results(elastic.results(), tasks);
    WorkerRegistry registry = new WorkerRegistry(clock);
    Reports reports = new Reports(tasks, policies, bodies, registry);
    Polls polls = new Polls(broker.taskQueue(), tasks, policies);
    resources =
        List.of(
            new DocumentResource(documents, bodies, lines),
            new TaskResource(tasks, submissions, documents, bodies, lines),
            new TaskListResource(sweeps, documents, array),
            new ResultResource(results, tasks, sweeps, documents, array),
            new SearchResource(elastic.taskSearch(), elastic.documentSearch()),
            new WorkerResource(reports, polls, bodies),
            new TaskWorkResource(tasks, reports, polls),
            new WorkersResource(registry, sweeps),
            new ProbeResource(elastic::trouble, broker::trouble));
  }

  private Rounds.Round round(Sweep sweep, Duration every) {
    return new Rounds.Round(metrics.counted(sweep), every);
  }

  private static String version() {
    String version = Wiring.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  Metrics metrics() {
    return metrics;
  }

  List<Object> resources() {
    return resources;
  }

  Map<String, HealthCheck> checks() {
    Map<String, HealthCheck> checks = new LinkedHashMap<>();
    checks.put("elasticsearch", new TroubleCheck(elastic::trouble));
    checks.put("broker", new TroubleCheck(broker::trouble));
    return checks;
  }

  /** Started in this order, stopped in the other: the store is the first to come and last to go. */
  List<Managed> managed() {
    return List.of(
        new Part(() -> {}, elastic::close),
        new Part(() -> {}, threads::close),
        new Part(broker::start, broker::stop),
        new Part(rounds::start, rounds::stop));
  }

  /**
   * Waits for Elasticsearch and installs the indices.
   *
   * @throws RuntimeException saying what is wrong, if it is not there in time or does not fit
   */
  void awaitStore(Duration patience) {
    elastic.install(patience);
  }
}
