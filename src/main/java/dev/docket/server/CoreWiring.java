package dev.docket.server;

import com.codahale.metrics.MetricRegistry;
import dev.docket.admission.AdmissionRequests;
import dev.docket.admission.AdmissionSweep;
import dev.docket.admission.Admissions;
import dev.docket.admission.LimitedTasks;
import dev.docket.admission.ReleaseSlotHandler;
import dev.docket.admission.SlotStore;
import dev.docket.audit.AuditLog;
import dev.docket.audit.RejectionAudit;
import dev.docket.broker.BrokerNames;
import dev.docket.broker.CachedCensus;
import dev.docket.broker.Census;
import dev.docket.broker.TaskPublisher;
import dev.docket.counts.DepartureLog;
import dev.docket.counts.LatestCounts;
import dev.docket.dependency.DependentNotifier;
import dev.docket.dependency.RegisterHandler;
import dev.docket.dependency.WakeHandler;
import dev.docket.document.AuditedDocuments;
import dev.docket.document.DocumentService;
import dev.docket.drift.LatestDrift;
import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.search.ElasticTaskPages;
import dev.docket.events.EventAnnouncer;
import dev.docket.explain.EvidenceReader;
import dev.docket.joblog.TaskLogs;
import dev.docket.limit.CurrentLimits;
import dev.docket.limit.LimitService;
import dev.docket.limit.LimitedPolicies;
import dev.docket.limit.ServiceHolds;
import dev.docket.maintenance.LeaderClock;
import dev.docket.maintenance.LeaderElection;
import dev.docket.maintenance.LeaderStamps;
import dev.docket.maintenance.RepublishTimes;
import dev.docket.metrics.Metrics;
import dev.docket.outbox.EffectHandlers;
import dev.docket.outbox.LazyConfirmations;
import dev.docket.outbox.PublishHandler;
import dev.docket.protocol.TaskReplyHandler;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.management.ManagementCensus;
import dev.docket.result.AuditedResults;
import dev.docket.result.Payloads;
import dev.docket.result.PendingResults;
import dev.docket.result.ResultEffects;
import dev.docket.result.ResultService;
import dev.docket.result.SavedResults;
import dev.docket.result.StoreResultsHandler;
import dev.docket.service.OptionCheck;
import dev.docket.service.Service;
import dev.docket.service.ServiceRegistry;
import dev.docket.task.AuditedTasks;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.KnownKeys;
import dev.docket.task.MassReset;
import dev.docket.task.NewKeys;
import dev.docket.task.Policies;
import dev.docket.task.Submissions;
import dev.docket.task.TaskListener;
import dev.docket.task.TaskService;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.workerapi.OpenPolls;
import dev.docket.workers.LatestOccupancy;
import dev.docket.workers.WorkerLoads;
import dev.docket.workers.WorkerRegistry;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Creates storage, broker, outbox, sweeps and the domain services: everything below the HTTP
 * resources. Its objects do nothing until they are started.
 */
final class CoreWiring {

  final LeaderClock clock = new LeaderClock(Clock.tickMillis(ZoneOffset.UTC));
  final Metrics metrics;
  final ElasticBackend elastic;
  final RabbitBroker broker;
  final ServerThreads threads = new ServerThreads();
  final WorkerProtocols protocols;
  final TaskPublisher publisher;
  final Supplier<DecisionContext> contexts;
  final ServiceRegistry services;
  final Policies policies;
  final LeaderElection election;
  final RepublishTimes republishTimes;
  final CurrentLimits limits;
  final LimitedTasks limitedTasks;
  final SlotStore slots;
  final Admissions admissions;
  final AdmissionSweep admissionSweep;
  final LimitService limitService;
  final ElasticTaskPages taskPages;
  final TaskService tasks;
  final RegisterHandler registerHandler;
  final DocumentService documents;
  final Submissions submissions;
  final AuditLog audit;
  final RejectionAudit rejections;
  final AuditedTasks auditedTasks;
  final AuditedDocuments auditedDocuments;
  final AuditedResults auditedResults;
  final Payloads payloads;
  final ResultService results;
  final SavedResults savedResults;
  final PendingResults pendingResults;
  final TaskLogs logs;
  final MassReset massReset;
  final Census census;
  final LatestDrift drift = new LatestDrift();
  final LatestCounts counts = new LatestCounts();
  final DepartureLog departures;
  final Census recentCensus;
  final WorkerRegistry registry;
  final WorkerLoads loads;
  final LatestOccupancy occupancy = new LatestOccupancy();
  final KnownKeys keys;
  final OpenPolls openPolls;
  final EvidenceReader evidence;

  CoreWiring(
      DocketConfig config, MetricRegistry dropwizard, List<WorkerProtocol.Factory> factories) {
    contexts = new RandomDecisionContexts(clock);
    BrokerNames names = new BrokerNames(config.broker().settings().prefix());
    protocols = WorkerProtocols.of(names, factories);
    ConfiguredPolicies configured =
        new ConfiguredPolicies(
            config.tasks(), config.keys(), protocols, config.results().keptRuns());
    List<Service> configuredServices = config.services();
    configuredServices.forEach(configured::check);
    metrics =
        new Metrics(
            version(),
            configuredServices.stream().map(Service::key).collect(Collectors.toSet()),
            dropwizard);

    elastic =
        new ElasticBackend(
            config.elasticsearch().settings(),
            config.elasticsearch().indices(),
            config.elasticsearch().bulk().limits(),
            metrics.bulkListener());
    services = new ServiceRegistry(elastic.services(), configuredServices, System::nanoTime);
    limits =
        new CurrentLimits(
            elastic.limits(),
            config.tasks().limits(),
            config.limits(),
            new ServiceHolds(services),
            System::nanoTime);
    policies = new LimitedPolicies(new ServicePolicies(configured, services), limits);
    republishTimes = new RepublishTimes(clock);
    election =
        new LeaderElection(
            elastic.leader(),
            contexts.get().randomToken(),
            HostName.name(),
            new LeaderStamps(clock, republishTimes),
            System::nanoTime);
    taskPages = elastic.taskPages();
    payloads =
        new Payloads(elastic.payloads(), HttpJson.mapper(), clock, config.results().maxPayload());
    broker = new RabbitBroker(config.broker().settings(), names, protocols, clock);
    publisher = metrics.instrument(broker.publisher());
    census = census(config.broker());
    recentCensus = new CachedCensus(census, System::nanoTime);

    keys =
        new KnownKeys(
            key -> services.find(key).isPresent(), elastic.taskKeys(), threads.blocking());
    openPolls = new OpenPolls(keys, policies);
    keys.whenKnown(openPolls::onKnown);
    List<TaskListener> listeners = new ArrayList<>(metrics.taskListeners());
    departures = new DepartureLog(elastic.departures(), UUID.randomUUID().toString());
    listeners.add(keys);
    AdmissionRequests admissionRequests = new AdmissionRequests();
    listeners.add(admissionRequests);
    listeners.add(departures);
    listeners.add(new EventAnnouncer(broker.events(), HttpJson.mapper()));
    documents = new DocumentService(elastic.documents(), clock, () -> contexts.get().randomToken());
    EffectHandlers handlers = new EffectHandlers();
    tasks =
        new TaskService(
            elastic.tasks(),
            policies,
            contexts,
            handlers,
            CurrentDocuments.of(documents),
            listeners);
    Supplier<String> ids = () -> contexts.get().randomToken();
    limitedTasks = elastic.limitedTasks();
    slots = elastic.slots();
    admissions =
        new Admissions(
            limitedTasks,
            slots,
            elastic.tasks(),
            tasks,
            policies,
            election::isLeader,
            ids,
            threads.admissions(),
            threads.timer(),
            clock,
            System::nanoTime);
    admissionRequests.whenRequested(admissions::requestSoon);
    limits.whenChanged(admissions::limitsChanged);
    admissionSweep = new AdmissionSweep(limitedTasks, admissions);
    DependentNotifier notifier =
        new DependentNotifier(taskPages, taskPages, tasks, threads.blocking());
    registerHandler = new RegisterHandler(tasks, notifier, policies, contexts);
    logs = new TaskLogs(elastic.logs(), tasks, config.logs().limits(), clock, threads.blocking());
    ResultEffects resultEffects = new ResultEffects(elastic.results(), payloads, clock);
    StoreResultsHandler storeResults = new StoreResultsHandler(resultEffects, tasks);
    handlers
        .register(Effect.StoreResults.class, storeResults)
        .register(Effect.Register.class, registerHandler)
        .register(Effect.Wake.class, new WakeHandler(notifier))
        .register(
            Effect.Publish.class,
            new PublishHandler(publisher, new LazyConfirmations(threads.timer(), tasks), tasks))
        .register(Effect.ReleaseSlot.class, new ReleaseSlotHandler(slots, admissions))
        .register(
            Effect.DeleteResults.class,
            (task, effect) ->
                resultEffects
                    .delete(task, effect.results())
                    .thenCompose(
                        deleted ->
                            task.deleted()
                                ? logs.delete(task)
                                : CompletableFuture.completedStage(null)))
        .requireComplete();
    broker.consumeReplies(metrics.instrument(new TaskReplyHandler(tasks, protocols)));

    submissions =
        new Submissions(
            documents,
            elastic.tasks(),
            tasks,
            policies,
            new NewKeys(keys, config.callers().maxNewKeys()),
            new OptionCheck(services),
            protocols.names(),
            contexts);
    results = new ResultService(elastic.results(), payloads, tasks);
    savedResults = new SavedResults(elastic.results(), results, tasks, clock);
    audit = new AuditLog(elastic.audit(), clock, ids);
    limitService =
        new LimitService(elastic.limits(), limits, slots, audit, admissionSweep::waiting, clock);
    rejections = new RejectionAudit(elastic.audit(), clock, ids);
    auditedTasks = new AuditedTasks(tasks, audit);
    auditedDocuments = new AuditedDocuments(documents, audit);
    auditedResults = new AuditedResults(results, savedResults, audit);
    pendingResults = new PendingResults(storeResults, tasks);
    massReset = new MassReset(taskPages, tasks);
    registry = new WorkerRegistry(elastic.workers(), clock);
    loads = new WorkerLoads(registry, elastic.leaseCounts());
    evidence =
        new EvidenceReader(
            elastic.tasks(),
            taskPages,
            elastic.queueProgress(),
            policies,
            protocols,
            loads,
            new EvidenceReader.Broker(broker::connectionError, broker::rejectedAt, recentCensus));
    metrics.drift(drift::get);
    metrics.workers(occupancy::get);
    metrics.limits(limits::keys, limits::of);
  }

  /** Reads the limits of task keys, and then keeps them up to date. Blocks. */
  void startLimits() {
    limits.read();
    threads.repeatBlocking("docket-limits", CurrentLimits.INTERVAL, limits::read);
  }

  private Census census(BrokerConfig config) {
    return config
        .managementUri()
        .<Census>map(uri -> new ManagementCensus(uri, config.settings(), broker.topology()))
        .orElse(Census.NONE);
  }

  /** The version of the server, from the manifest of its jar. */
  static String version() {
    String version = CoreWiring.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
