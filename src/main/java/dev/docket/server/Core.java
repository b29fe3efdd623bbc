package dev.docket.server;

import com.codahale.metrics.MetricRegistry;
import dev.docket.broker.Census;
import dev.docket.broker.RecentCensus;
import dev.docket.broker.TaskCourier;
import dev.docket.counts.CountsBoard;
import dev.docket.dependency.Dependents;
import dev.docket.document.Documents;
import dev.docket.drift.DriftBoard;
import dev.docket.elastic.Elastic;
import dev.docket.events.Announcer;
import dev.docket.explain.EvidenceReader;
import dev.docket.maintenance.CommonClock;
import dev.docket.metrics.Metrics;
import dev.docket.outbox.Confirmations;
import dev.docket.outbox.Dispatcher;
import dev.docket.protocol.AnswerDesk;
import dev.docket.protocol.Courier;
import dev.docket.protocol.Couriers;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.management.ManagementCensus;
import dev.docket.result.Results;
import dev.docket.result.SavedResults;
import dev.docket.task.MassReset;
import dev.docket.task.Policies;
import dev.docket.task.Submissions;
import dev.docket.task.TaskListener;
import dev.docket.task.TaskStore;
import dev.docket.task.Tasks;
import dev.docket.task.machine.Moment;
import dev.docket.workerapi.WorkerRegistry;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Store, broker, desk, dispatch, and what the domain can do: everything behind the doors. What it
 * makes does nothing before it is started.
 */
final class Core {

  final CommonClock clock = new CommonClock(Clock.tickMillis(ZoneOffset.UTC));
  final Metrics metrics;
  final Elastic elastic;
  final RabbitBroker broker;
  final Reconciling reconciling;
  final Threads threads = new Threads();
  final Policies policies;
  final TaskStore.Sweeps sweeps;
  final Tasks tasks;
  final Documents documents;
  final Submissions submissions;
  final Results results;
  final SavedResults savedResults;
  final MassReset massReset;
  final Census census;
  final DriftBoard drift = new DriftBoard();
  final CountsBoard counts = new CountsBoard();
  final Census recentCensus;
  final WorkerRegistry registry;
  final EvidenceReader evidence;

  Core(DocketConfig config, MetricRegistry dropwizard, List<Courier> kinds) {
    Supplier<Moment> moments = new Moments(clock);
    Couriers couriers = Couriers.of(kinds);
    policies = new ConfiguredPolicies(config.tasks(), config.keys(), couriers);
    metrics = new Metrics(version(), config.keys().keySet(), dropwizard);

    elastic =
        new Elastic(
            config.elasticsearch().settings(),
            config.elasticsearch().indices(),
            config.elasticsearch().bulk().limits(),
            metrics.bulkListener());
    sweeps = elastic.sweeps();
    broker = new RabbitBroker(config.broker().settings(), couriers, clock);
    TaskCourier courier = metrics.counted(broker.publisher());
    census = census(config.broker());
    recentCensus = new RecentCensus(census, System::nanoTime);

    CompletableFuture<Tasks> desk = new CompletableFuture<>();
    Dependents dependents = new Dependents(sweeps, policies, moments, threads.blocking(), desk);
    Dispatcher dispatcher =
        new Dispatcher(
            courier,
            elastic.results(),
            dependents,
            new Confirmations(threads.timer(), desk),
            clock,
            desk);
    List<TaskListener> listeners = new ArrayList<>(metrics.taskListeners());
    listeners.add(new Announcer(broker.events(), HttpJson.mapper()));
    tasks = new Tasks(elastic.tasks(), policies, moments, dispatcher, listeners);
    desk.complete(tasks);
    broker.answerTo(metrics.counted(new AnswerDesk(tasks, couriers)));

    documents = new Documents(elastic.documents(), clock, () -> moments.get().fresh());
    submissions =
        new Submissions(documents, elastic.tasks(), tasks, policies, couriers.names(), moments);
    results = new Results(elastic.results(), tasks);
    savedResults = new SavedResults(elastic.results(), tasks, clock);
    massReset = new MassReset(sweeps, tasks);
    evidence =
        new EvidenceReader(
            elastic.tasks(),
            sweeps,
            policies,
            couriers,
            new EvidenceReader.Broker(
                broker::unreachable, broker.topology()::exchange, recentCensus));
    registry = new WorkerRegistry(elastic.workers(), clock);
    reconciling =
        new Reconciling(
            this,
            config.sweeps(),
            config.retention(),
            config.broker().patience(),
            dispatcher,
            dependents,
            courier,
            couriers,
            moments);
    metrics.drift(drift::last);
    metrics.watch(
        broker.publisher()::unconfirmed,
        () -> elastic.writes().waiting(),
        () -> broker.unreachable().isEmpty(),
        reconciling.leadership()::leads);
  }

  private Census census(BrokerConfig config) {
    return config
        .managementUri()
        .<Census>map(uri -> new ManagementCensus(uri, config.settings(), broker.topology()))
        .orElse(Census.NONE);
  }

  /** The server's version, as its jar says. */
  static String version() {
    String version = Core.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
