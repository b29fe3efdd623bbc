package dev.docket.server;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.batch.Lines;
import dev.docket.batch.StreamedArray;
import dev.docket.courier.Courier;
import dev.docket.courier.Couriers;
import dev.docket.dialect.dane.DaneDialect;
import dev.docket.dialect.dane.store.DaneStore;
import dev.docket.dispatch.AnswerDesk;
import dev.docket.dispatch.Confirmations;
import dev.docket.dispatch.Dependents;
import dev.docket.dispatch.Dispatcher;
import dev.docket.dispatch.LeaseWatch;
import dev.docket.dispatch.OverdueSweep;
import dev.docket.dispatch.PurgeSweep;
import dev.docket.dispatch.Rounds;
import dev.docket.dispatch.UnroutableSweep;
import dev.docket.document.DocumentResource;
import dev.docket.document.Documents;
import dev.docket.elastic.Elastic;
import dev.docket.errors.Bodies;
import dev.docket.rabbit.ManagementCensus;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.result.ResultResource;
import dev.docket.result.Results;
import dev.docket.result.SavedResults;
import dev.docket.search.CountingResults;
import dev.docket.search.ExportResource;
import dev.docket.search.Exports;
import dev.docket.search.ResultSearch;
import dev.docket.search.SearchResource;
import dev.docket.task.MassReset;
import dev.docket.task.Moment;
import dev.docket.task.Policies;
import dev.docket.task.Submissions;
import dev.docket.task.TaskListResource;
import dev.docket.task.TaskResource;
import dev.docket.task.TaskStore;
import dev.docket.task.Tasks;
import dev.docket.worker.Census;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes every object, top to bottom: store, broker, desk, dispatch, resources. What it makes does
 * nothing before it is started.
 */
final class Wiring {

  private static final int EXPORTS_AT_ONCE = 8;

  private final Elastic elastic;
  private final RabbitBroker broker;
  private final Rounds rounds;
  private final Threads threads;
  private final List<Object> resources;
  private final @Nullable DaneStorePort daneStore;

  Wiring(DocketConfig config, Environment environment, List<Courier> kinds) {
    Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    Supplier<Moment> moments = new Moments(clock);
    Couriers couriers = Couriers.of(kinds);
    Policies policies = new ConfiguredPolicies(config.tasks(), config.keys(), couriers);
    threads = new Threads();

    elastic = new Elastic(config.elasticsearch().settings(), config.elasticsearch().indices());
    TaskStore.Sweeps sweeps = elastic.sweeps();
    broker = new RabbitBroker(config.broker().settings(), couriers, clock);

    CompletableFuture<Tasks> desk = new CompletableFuture<>();
    Dispatcher dispatcher =
        new Dispatcher(
            broker.publisher(),
            elastic.results(),
            new Dependents(sweeps, policies, moments, threads.blocking(), desk),
            new Confirmations(threads.timer(), desk),
            clock,
            desk);
    Tasks tasks = new Tasks(elastic.tasks(), policies, moments, dispatcher);
    desk.complete(tasks);
    broker.answerTo(new AnswerDesk(tasks, couriers));
    Documents documents = new Documents(elastic.documents(), clock, () -> moments.get().fresh());

    SweepConfig every = config.sweeps();
    Duration leases = every.leases().toJavaDuration();
    rounds =
        new Rounds(
            List.of(
                new Rounds.Round(
                    new OverdueSweep(sweeps, tasks, dispatcher, broker.publisher(), clock),
                    every.overdue().toJavaDuration()),
                new Rounds.Round(
                    new LeaseWatch(sweeps, tasks, policies, leases, System::nanoTime), leases),
                new Rounds.Round(
                    new UnroutableSweep(sweeps, tasks, broker.publisher()),
                    every.unroutable().toJavaDuration()),
                new Rounds.Round(
                    new PurgeSweep(documents, sweeps, tasks), every.purge().toJavaDuration())));

    ObjectMapper mapper = environment.getObjectMapper();
    Bodies bodies = new Bodies(mapper, environment.getValidator());
    Lines lines = new Lines(mapper);
    StreamedArray array = new StreamedArray(mapper);
    Submissions submissions =
        new Submissions(documents, elastic.tasks(), tasks, policies, couriers.names(), moments);
    Results results = new Results(elastic.results(), tasks);
    Census census =
        config
            .broker()
            .managementUri()
            .<Census>map(
                uri -> new ManagementCensus(uri, config.broker().settings(), broker.topology()))
            .orElse(Census.NONE);
    MassReset massReset = new MassReset(sweeps, tasks);
    daneStore =
        config.dane().store().enabled()
            ? new DaneStorePort(
                config,
                DaneStore.components(
                    documents,
                    tasks,
                    sweeps,
                    results,
                    new SavedResults(elastic.results(), tasks, clock),
                    mapper),
                mapper)
            : null;
    ResultSearch counting = new CountingResults(elastic.resultSearch(), elastic.tasks());
    WorkerRegistry registry = new WorkerRegistry(clock);
    Reports reports = new Reports(tasks, policies, bodies, registry);
    Polls polls = new Polls(broker.taskQueue(), tasks, policies);
    resources = new ArrayList<>();
    resources.addAll(
        List.of(
            new DocumentResource(documents, bodies, lines),
            new TaskResource(tasks, submissions, documents, bodies, lines),
            new TaskListResource(sweeps, documents, array),
            new ResultResource(results, tasks, sweeps, documents, array),
            new SearchResource(elastic.taskSearch(), elastic.documentSearch(), counting),
            new ExportResource(
                elastic.taskSearch(),
                elastic.documentSearch(),
                counting,
                new Exports(mapper, EXPORTS_AT_ONCE)),
            new WorkerResource(reports, polls, bodies),
            new TaskWorkResource(tasks, reports, polls),
            new WorkersResource(registry, sweeps),
            new ProbeResource(elastic::trouble, broker::trouble)));
    resources.addAll(
        DaneDialect.components(
            new DaneDialect.House(
                documents,
                tasks,
                submissions,
                results,
                massReset,
                elastic.documentSearch(),
                elastic.taskSearch(),
                census,
                bodies,
                mapper)));
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
    List<Managed> parts = new ArrayList<>();
    parts.add(new Part(() -> {}, elastic::close));
    parts.add(new Part(() -> {}, threads::close));
    parts.add(new Part(broker::start, broker::stop));
    parts.add(new Part(rounds::start, rounds::stop));
    if (daneStore != null) {
      parts.add(daneStore);
    }
    return parts;
  }

  /**
   * Waits for Elasticsearch and installs the indices.
   *
   * @throws RuntimeException saying what is wrong, if it is not there in time or does not fit
   */
  void awaitStore(Duration patience) {
    elastic.install(patience);
  }

  /** Something that may fail to start or stop. */
  private interface Act {
    void run() throws Exception;
  }

  private record Part(Act onStart, Act onStop) implements Managed {
    @Override
    public void start() throws Exception {
      onStart.run();
    }

    @Override
    public void stop() throws Exception {
      onStop.run();
    }
  }
}
