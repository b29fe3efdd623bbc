package dev.docket.server;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.apidocs.ApiDescription;
import dev.docket.apidocs.ApiDescriptionResource;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.OwnershipFeature;
import dev.docket.auth.http.AuthFeature;
import dev.docket.auth.key.KeyResource;
import dev.docket.console.BrowserLoginFilter;
import dev.docket.console.HomeResource;
import dev.docket.console.ManualListPageResource;
import dev.docket.console.ManualTaskPageResource;
import dev.docket.console.OverviewReader;
import dev.docket.console.PageTemplates;
import dev.docket.counts.OwnedCounts;
import dev.docket.counts.StatsResource;
import dev.docket.dialect.Dialect;
import dev.docket.document.DocumentResource;
import dev.docket.drift.DriftResource;
import dev.docket.elastic.ElasticBackend;
import dev.docket.events.EventResource;
import dev.docket.events.EventStreamWriters;
import dev.docket.events.EventStreams;
import dev.docket.explain.ExplainResource;
import dev.docket.http.BodyLimitFilter;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.WaitingResponses;
import dev.docket.http.batch.ArrayBatch;
import dev.docket.http.batch.NdjsonBatch;
import dev.docket.http.batch.StreamedArray;
import dev.docket.joblog.LogReader;
import dev.docket.joblog.TaskLogResource;
import dev.docket.limit.LimitResource;
import dev.docket.maintenance.RecordFormat;
import dev.docket.manual.ManualTaskResource;
import dev.docket.manual.ManualTasks;
import dev.docket.manual.ManualWork;
import dev.docket.manual.Outputs;
import dev.docket.metrics.Metrics;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.result.ResultResource;
import dev.docket.result.ResultSubmissions;
import dev.docket.result.ResultViews;
import dev.docket.search.AuditResource;
import dev.docket.search.ExportResource;
import dev.docket.search.Exports;
import dev.docket.search.ResultSearch;
import dev.docket.search.SearchResource;
import dev.docket.task.api.TaskListResource;
import dev.docket.task.api.TaskResource;
import dev.docket.wire.ReportItem;
import dev.docket.workerapi.PollService;
import dev.docket.workerapi.ReplacedInstances;
import dev.docket.workerapi.ReportService;
import dev.docket.workerapi.ResultUploadResource;
import dev.docket.workerapi.SingleTaskWorkResource;
import dev.docket.workerapi.WorkerReportResource;
import dev.docket.workers.WorkerListResource;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.RequestLog;

/**
 * Creates all objects of the server: the {@link CoreWiring}, then the HTTP resources. The objects
 * do nothing until they are started.
 */
final class Wiring {

  private static final int MAX_CONCURRENT_EXPORTS = 8;

  /** How often the server looks whether a minute of rejections has passed. */
  private static final Duration AUDIT_INTERVAL = Duration.ofSeconds(5);

  private final CoreWiring core;
  private final SweepWiring sweeps;
  private final AccessWiring access;
  private final ServiceWiring services;
  private final OwnershipFeature ownership;
  private final List<Object> resources = new ArrayList<>();
  private final EventStreams events;
  private final EventStreamWriters eventWriters;
  private final WaitingResponses waiting;
  private final AuthFeature authentication;
  private final List<Dialect> dialects = new ArrayList<>();
  private final List<DialectPort> ports = new ArrayList<>();

  /**
   * Creates the objects.
   *
   * @param bodyLimit the limit of all bodies of the server, on whichever port
   */
  Wiring(
      DocketConfig config,
      Environment environment,
      BodyLimitFilter bodyLimit,
      List<WorkerProtocol.Factory> protocols) {
    core = new CoreWiring(config, environment.metrics(), protocols);
    sweeps = new SweepWiring(core, config);
    access = new AccessWiring(config, core.elastic.keys(), core.audit, core.clock);
    authentication = new AuthFeature(access.authenticator, core.rejections);
    ownership = new OwnershipFeature(new StoredOwners(core.documents, core.tasks, core.results));
    core.metrics.watch(
        core.broker.publisher()::unconfirmed,
        () -> core.elastic.writeStatistics().waiting(),
        () -> core.broker.connectionError().isEmpty(),
        sweeps.election()::isLeader);
    ObjectMapper mapper = environment.getObjectMapper();
    RequestBodyReader bodies = new RequestBodyReader(mapper, environment.getValidator());
    events = new EventStreams(core.broker.eventFeed(), mapper);
    eventWriters = new EventStreamWriters();
    waiting = new WaitingResponses(mapper);
    core.metrics.watchEvents(core.broker.events()::dropped, events::dropped, events::count);
    services =
        new ServiceWiring(
            core.elastic.services(),
            core.services,
            core.policies,
            core.protocols,
            core.broker.workerQueues(),
            core.threads);
    core.metrics.watchLogs(core.logs::dropped);
    resources.addAll(ownApi(config, mapper, bodies));
    DaneWiring dane = new DaneWiring(core, config.dane(), authentication, mapper);
    mount(dane.api(bodies, probes()), config.dane().port(), config, bodyLimit, mapper);
    mount(dane.index(), config.dane().store(), config, bodyLimit, mapper);
  }

  private void mount(
      Dialect unchecked,
      PortConfig port,
      DocketConfig config,
      BodyLimitFilter bodyLimit,
      ObjectMapper mapper) {
    Dialect dialect = unchecked.with(ownership);
    if (!dialect.basePath().isEmpty()) {
      dialects.add(dialect);
    }
    if (port.enabled()) {
      ports.add(new DialectPort(dialect, port, config, bodyLimit, mapper));
    }
  }

  private List<Object> ownApi(DocketConfig config, ObjectMapper mapper, RequestBodyReader bodies) {
    NdjsonBatch lines = new NdjsonBatch(mapper);
    ArrayBatch batches = new ArrayBatch(mapper);
    StreamedArray array = new StreamedArray(mapper);
    ElasticBackend elastic = core.elastic;
    ResultSearch resultSearch = elastic.resultSearch();
    ResultViews views = new ResultViews(core.payloads);
    Exports exports = new Exports(mapper, MAX_CONCURRENT_EXPORTS);
    PageTemplates pages = new PageTemplates();
    ManualTasks manualTasks = elastic.manualTasks();
    ResultSubmissions resultSubmissions =
        new ResultSubmissions(core.tasks, core.payloads, ReportItem.MAX_RESULTS_BYTES);
    ReportService reports =
        new ReportService(
            core.tasks,
            resultSubmissions,
            core.policies,
            bodies,
            core.registry,
            new ReplacedInstances(core.taskPages, core.tasks, core.threads.blocking()),
            core.logs);
    PollService polls =
        new PollService(
            core.broker.taskQueue(),
            core.tasks,
            core.policies,
            core.keys,
            core.openPolls,
            config.callers().maxPolledQueues());
    return List.of(
        new DocumentResource(core.documents, core.auditedDocuments, bodies, batches, lines),
        new TaskResource(
            core.tasks,
            core.auditedTasks,
            core.submissions,
            core.documents,
            bodies,
            batches,
            lines),
        new ExplainResource(core.tasks, core.evidence, core.clock),
        new TaskListResource(core.taskPages, core.taskPages, core.documents, array),
        new ResultResource(
            core.results,
            core.auditedResults,
            core.payloads,
            core.tasks,
            core.taskPages,
            core.documents,
            array),
        new ResultUploadResource(core.tasks, core.payloads),
        new SearchResource(
            elastic.taskSearch(), elastic.documentSearch(), resultSearch, views, array),
        new ExportResource(
            elastic.taskSearch(), elastic.documentSearch(), resultSearch, views, exports),
        new AuditResource(elastic.auditSearch(), exports),
        new WorkerReportResource(reports, polls, core.registry, bodies, batches, waiting),
        new SingleTaskWorkResource(core.tasks, reports, polls, new Outputs(core.services, bodies)),
        new ManualTaskResource(manualTasks, core.tasks, core.services),
        new ManualListPageResource(manualTasks, pages, core.clock),
        new ManualTaskPageResource(
            new ManualWork(core.tasks, resultSubmissions, core.documents),
            core.services,
            pages,
            core.clock),
        new WorkerListResource(
            core.loads,
            core.recentCensus,
            core.massReset,
            core.auditedTasks,
            core.limitService::limited),
        new DriftResource(core.drift, core.occupancy, core.clock),
        new StatsResource(
            core.counts, new OwnedCounts(elastic::counts, elastic::backlogCounts, core.clock)),
        new EventResource(events, eventWriters),
        services.resource(bodies, core.audit, core.registry, core.clock),
        new TaskLogResource(new LogReader(elastic.logs(), core.tasks, mapper), eventWriters),
        new KeyResource(access.keys),
        new LimitResource(core.limitService),
        probes(),
        new HomeResource(overviewReader(), pages, CoreWiring.version()),
        new BrowserLoginFilter(pages),
        new ApiDescriptionResource(() -> new ApiDescription(CoreWiring.version())));
  }

  private ProbeResource probes() {
    return new ProbeResource(core.elastic::healthError, core.broker::healthError);
  }

  private OverviewReader overviewReader() {
    return new OverviewReader(
        CoreWiring.version(),
        new OverviewReader.Backends(core.elastic::healthError, core.broker::healthError),
        core.counts,
        core.drift,
        core.occupancy,
        core.elastic.taskSearch(),
        core.protocols.leasing(),
        (task, now) -> core.evidence.explain(task, OwnerFilter.ALL, now),
        core.clock,
        System::nanoTime);
  }

  /** The authentication of the application port. */
  AuthFeature authentication() {
    return authentication;
  }

  Metrics metrics() {
    return core.metrics;
  }

  /** Checks the owners of records. */
  OwnershipFeature ownership() {
    return ownership;
  }

  List<Object> resources() {
    return resources;
  }

  /** The dialects on the application port. */
  List<Dialect> dialects() {
    return dialects;
  }

  Map<String, HealthCheck> checks() {
    Map<String, HealthCheck> checks = new LinkedHashMap<>();
    checks.put("elasticsearch", new ErrorHealthCheck(core.elastic::healthError));
    checks.put("broker", new ErrorHealthCheck(core.broker::healthError));
    return checks;
  }

  /** Ends long polls and event streams, because the server is about to stop. */
  void drain() {
    core.broker.drain();
    events.end();
    try {
      eventWriters.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Passes on the request log of the application port, before the start. */
  void useRequestLog(RequestLog log) {
    ports.forEach(port -> port.useRequestLog(log));
  }

  /** The components in the order of their start; they stop in reverse order, the store last. */
  List<Managed> managed() {
    List<Managed> components = new ArrayList<>();
    components.add(new ManagedComponent(() -> {}, core.elastic::close));
    components.add(new ManagedComponent(() -> {}, core.threads::close));
    components.add(
        new ManagedComponent(
            () -> core.threads.repeat(WaitingResponses.INTERVAL, waiting::tick), () -> {}));
    components.add(new ManagedComponent(() -> access.start(core.threads), () -> {}));
    components.add(new ManagedComponent(() -> services.start(core.threads), () -> {}));
    components.add(
        new ManagedComponent(
            () -> core.threads.repeat(AUDIT_INTERVAL, core.rejections::tick),
            core.rejections::flush));
    components.add(new ManagedComponent(core::startLimits, () -> {}));
    components.add(new ManagedComponent(core.broker::start, core.broker::stop));
    components.add(new ManagedComponent(sweeps::start, sweeps::stop));
    components.addAll(ports);
    return components;
  }

  /**
   * Waits for Elasticsearch, installs the indices and checks the format of the records.
   *
   * @throws RuntimeException that says what is wrong, if it is unreachable or an index is
   *     incompatible, or a newer release has run
   */
  void awaitStore(Duration timeout) {
    core.elastic.install(timeout);
    RecordFormat.claim(core.elastic.leader(), HostName.name(), core.clock.instant());
  }
}
