package dev.docket.server;

import com.codahale.metrics.MetricRegistry;
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
import dev.docket.dispatch.UnansweredSweep;
import dev.docket.dispatch.UnroutableSweep;
import dev.docket.dispatch.WaitingSweep;
import dev.docket.document.Documents;
import dev.docket.elastic.Elastic;
import dev.docket.metrics.Metrics;
import dev.docket.rabbit.ManagementCensus;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.result.Results;
import dev.docket.result.SavedResults;
import dev.docket.task.MassReset;
import dev.docket.task.Moment;
import dev.docket.task.Policies;
import dev.docket.task.Submissions;
import dev.docket.task.TaskCourier;
import dev.docket.task.TaskStore;
import dev.docket.task.Tasks;
import dev.docket.worker.Census;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Store, broker, desk, dispatch, and what the domain can do: everything behind the doors. What it
 * makes does nothing before it is started.
 */
final class Core {

  final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
  final Metrics metrics;
  final Elastic elastic;
  final RabbitBroker broker;
  final Rounds rounds;
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

  Core(DocketConfig config, MetricRegistry dropwizard, List<Courier> kinds) {
    Supplier<Moment> moments = new Moments(clock);
    Couriers couriers = Couriers.of(kinds);
    policies = new ConfiguredPolicies(config.tasks(), config.keys(), couriers);
    metrics = new Metrics(version(), config.keys().keySet(), dropwizard);

    elastic =
        new Elastic(
            config.elasticsearch().settings(),
            config.elasticsearch().indices(),
            metrics.bulkListener());
    sweeps = elastic.sweeps();
    broker = new RabbitBroker(config.broker().settings(), couriers, clock);
    TaskCourier courier = metrics.counted(broker.publisher());
    census = census(config.broker());

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
    tasks = new Tasks(elastic.tasks(), policies, moments, dispatcher, metrics.taskListeners());
    desk.complete(tasks);
    broker.answerTo(metrics.counted(new AnswerDesk(tasks, couriers)));

    documents = new Documents(elastic.documents(), clock, () -> moments.get().fresh());
    submissions =
        new Submissions(documents, elastic.tasks(), tasks, policies, couriers.names(), moments);
    results = new Results(elastic.results(), tasks);
    savedResults = new SavedResults(elastic.results(), tasks, clock);
    massReset = new MassReset(sweeps, tasks);

    rounds = new Rounds(rounds(config.sweeps(), dispatcher, dependents, courier));
    metrics.watch(
        broker.publisher()::unconfirmed,
        () -> elastic.writes().waiting(),
        () -> broker.unreachable().isEmpty());
  }

  private Census census(BrokerConfig config) {
    return config
        .managementUri()
        .<Census>map(uri -> new ManagementCensus(uri, config.settings(), broker.topology()))
        .orElse(Census.NONE);
  }

  private List<Rounds.Round> rounds(
      SweepConfig every, Dispatcher dispatcher, Dependents dependents, TaskCourier courier) {
    Duration leases = every.leases().toJavaDuration();
    return List.of(
        round(
            new OverdueSweep(sweeps, tasks, dispatcher, courier, clock),
            every.overdue().toJavaDuration()),
        round(new LeaseWatch(sweeps, tasks, policies, leases, System::nanoTime), leases),
        round(new UnroutableSweep(sweeps, tasks, courier), every.unroutable().toJavaDuration()),
        round(
            new UnansweredSweep(sweeps, tasks, policies, census, clock),
            every.unanswered().toJavaDuration()),
        round(
            new WaitingSweep(sweeps, elastic.tasks(), tasks, dependents, clock),
            every.waiting().toJavaDuration()),
        round(new PurgeSweep(documents, sweeps, tasks), every.purge().toJavaDuration()),
        round(metrics.backlog(sweeps, elastic::trouble, clock), every.backlog().toJavaDuration()));
  }

  private Rounds.Round round(Sweep sweep, Duration every) {
    return new Rounds.Round(metrics.counted(sweep), every);
  }

  /** The server's version, as its jar says. */
  static String version() {
    String version = Core.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
