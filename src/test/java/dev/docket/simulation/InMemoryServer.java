package dev.docket.simulation;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.admission.AdmissionSweep;
import dev.docket.admission.Admissions;
import dev.docket.admission.LimitedTasks;
import dev.docket.admission.MemorySlotStore;
import dev.docket.admission.ReleaseSlotHandler;
import dev.docket.admission.SlotStore;
import dev.docket.admission.SlotSweep;
import dev.docket.auth.Caller;
import dev.docket.broker.Census;
import dev.docket.broker.TaskPublisher;
import dev.docket.dependency.DependentNotifier;
import dev.docket.dependency.RegisterHandler;
import dev.docket.dependency.WaitingSweep;
import dev.docket.dependency.WaitingTasks;
import dev.docket.dependency.WakeHandler;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentService;
import dev.docket.document.DocumentStore;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.document.NewDocument;
import dev.docket.maintenance.ExpiredRecords;
import dev.docket.maintenance.LeaseSweep;
import dev.docket.maintenance.MemoryExpiredRecords;
import dev.docket.maintenance.MemoryResultsByAge;
import dev.docket.maintenance.OverdueSweep;
import dev.docket.maintenance.OverdueTasks;
import dev.docket.maintenance.PayloadSweep;
import dev.docket.maintenance.PurgeSweep;
import dev.docket.maintenance.ResultSweep;
import dev.docket.maintenance.ResultsByAge;
import dev.docket.maintenance.RetentionSweep;
import dev.docket.maintenance.RunningTasks;
import dev.docket.maintenance.UnansweredSweep;
import dev.docket.maintenance.UnansweredTasks;
import dev.docket.maintenance.UnroutableSweep;
import dev.docket.maintenance.UnroutableTasks;
import dev.docket.outbox.EffectHandlers;
import dev.docket.outbox.LazyConfirmations;
import dev.docket.outbox.PublishHandler;
import dev.docket.result.MemoryPayloadStore;
import dev.docket.result.MemoryResultStore;
import dev.docket.result.PayloadStore;
import dev.docket.result.Payloads;
import dev.docket.result.ResultEffects;
import dev.docket.result.ResultService;
import dev.docket.result.ResultStore;
import dev.docket.result.ResultSubmissions;
import dev.docket.result.SavedResults;
import dev.docket.result.StoreResultsHandler;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.DocumentTasks;
import dev.docket.task.KeyLimits;
import dev.docket.task.MassReset;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskStore;
import dev.docket.task.TasksInState;
import dev.docket.task.TasksOfDocuments;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.TaskMachine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server without I/O: the services, the effect executor and the sweeps with in-memory stores, a
 * list instead of a broker, and a manual clock. Everything runs on the test's thread. A {@link
 * CrashPoint} can make it crash at any of its calls; another server with the same stores then takes
 * the role of the restarted one.
 */
public final class InMemoryServer implements TaskPublisher, Policies {

  public static final Policy POLICY = TaskSamples.POLICY;

  /** The pause between two checks of the leases. */
  static final Duration LEASE_CHECK_INTERVAL = Duration.ofSeconds(30);

  /** How long ended tasks and deleted documents are kept. */
  static final RetentionSweep.Ages RETENTION =
      new RetentionSweep.Ages(Duration.ofDays(30), Duration.ofDays(60));

  private static final int MAX_PAYLOAD_BYTES = 1 << 20;

  /** The stores, the broker and the clock: the state that survives a crash of the server. */
  public static final class SharedBackends {
    public final MemoryTaskStore tasks = new MemoryTaskStore();
    public final Map<TaskKey, KeyLimits> limits = new HashMap<>();
    public final InvariantRecorder recorder = new InvariantRecorder(tasks, limits);
    public final MemorySlotStore slots = new MemorySlotStore();
    public final MemoryDocumentStore documents = new MemoryDocumentStore();
    public final MemoryResultStore results = new MemoryResultStore();
    public final MemoryPayloadStore payloads = new MemoryPayloadStore();
    public final List<Task> queue = new ArrayList<>();
    public Instant now = Instant.parse("2026-03-01T10:00:00.000Z");
    public final Map<TaskKey, Policy> policies = new HashMap<>();

    /** The broker's response to every publish. */
    public PublishOutcome brokerOutcome = PublishOutcome.CONFIRMED;

    /** The number of tokens generated so far. */
    int tokens;

    /** The number of records that the retention sweep has expired. */
    public int expired;
  }

  public final SharedBackends shared;
  public final TaskService tasks;
  public final DocumentService documents;
  public final OverdueSweep overdue;
  final UnroutableSweep unroutable;
  final Admissions admissions;
  final SlotSweep slots;
  public final PurgeSweep purge;
  public final RetentionSweep retention;
  final UnansweredSweep unanswered;
  final LeaseSweep leases;
  public final WaitingSweep waiting;
  final Payloads payloads;
  final ResultService results;
  public final SavedResults saved;
  final ResultSubmissions submissions;
  final PayloadSweep payloadSweep;
  public final ResultSweep resultSweep;
  final MassReset massReset;
  private final CrashingProxy proxy;
  private final AdmissionSweep admissionSweep;
  private final Queue<Runnable> passes = new ArrayDeque<>();

  /** The difference between this server's clock and {@link SharedBackends#now}. */
  public Duration clockOffset = Duration.ZERO;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  public InMemoryServer(SharedBackends shared) {
    this(shared, CrashingProxy.PASS_THROUGH);
  }

  /** Creates a server whose calls to its ports pass through the proxy. */
  public InMemoryServer(SharedBackends shared, CrashingProxy proxy) {
    this.shared = shared;
    this.proxy = proxy;
    // With the timer shut down, a 202 is written as soon as the broker confirms. Delayed
    // confirmations have their own test.
    timer.shutdown();
    Clock clock = new ManualClock();
    TaskStore store = proxy.wrap(TaskStore.class, shared.recorder);
    RunningTasks running = proxy.wrap(RunningTasks.class, shared.tasks);
    TasksOfDocuments ofDocuments = proxy.wrap(TasksOfDocuments.class, shared.tasks);
    WaitingTasks waitingTasks = proxy.wrap(WaitingTasks.class, shared.tasks);
    ResultStore resultStore = proxy.wrap(ResultStore.class, shared.results);
    PayloadStore payloadStore = proxy.wrap(PayloadStore.class, shared.payloads);
    payloads = new Payloads(payloadStore, new ObjectMapper(), clock, MAX_PAYLOAD_BYTES);
    payloadSweep = new PayloadSweep(payloadStore, store, clock);
    TaskPublisher publisher = proxy.wrap(TaskPublisher.class, this);
    EffectHandlers handlers = new EffectHandlers();
    tasks =
        new TaskService(
            store, this, this::context, handlers, CurrentDocuments.NEVER_CHANGED, List.of());
    LimitedTasks limitedTasks = proxy.wrap(LimitedTasks.class, shared.tasks);
    SlotStore slotStore = proxy.wrap(SlotStore.class, shared.slots);
    admissions =
        new Admissions(
            limitedTasks,
            slotStore,
            store,
            tasks,
            this,
            () -> true,
            () -> context().randomToken(),
            passes::add,
            timer,
            clock,
            () -> nanos(shared.now));
    admissionSweep = new AdmissionSweep(limitedTasks, admissions);
    slots = new SlotSweep(slotStore, store, tasks, admissions, () -> nanos(shared.now));
    DependentNotifier notifier =
        new DependentNotifier(waitingTasks, ofDocuments, tasks, Runnable::run);
    RegisterHandler register = new RegisterHandler(tasks, notifier, this, this::context);
    ResultEffects resultEffects = new ResultEffects(resultStore, payloads, clock);
    handlers
        .register(Effect.StoreResults.class, new StoreResultsHandler(resultEffects, tasks))
        .register(Effect.Register.class, register)
        .register(Effect.Wake.class, new WakeHandler(notifier))
        .register(
            Effect.Publish.class,
            new PublishHandler(publisher, new LazyConfirmations(timer, tasks), tasks))
        .register(Effect.ReleaseSlot.class, new ReleaseSlotHandler(slotStore, admissions))
        .register(
            Effect.DeleteResults.class,
            (task, effect) -> resultEffects.delete(task, effect.results()))
        .requireComplete();
    documents =
        new DocumentService(
            proxy.wrap(DocumentStore.class, shared.documents),
            clock,
            () -> context().randomToken());
    overdue =
        new OverdueSweep(proxy.wrap(OverdueTasks.class, shared.tasks), tasks, publisher, clock);
    unroutable =
        new UnroutableSweep(
            proxy.wrap(UnroutableTasks.class, shared.tasks), tasks, this, publisher);
    ExpiredRecords expiredRecords =
        proxy.wrap(ExpiredRecords.class, new MemoryExpiredRecords(shared.tasks, shared.documents));
    purge = new PurgeSweep(documents, new DocumentTasks(ofDocuments, tasks), expiredRecords);
    retention =
        new RetentionSweep(
            expiredRecords, tasks, documents, RETENTION, n -> shared.expired += n, clock);
    unanswered =
        new UnansweredSweep(
            proxy.wrap(UnansweredTasks.class, shared.tasks), tasks, this, Census.NONE, clock);
    leases =
        new LeaseSweep(
            running, tasks, this, LEASE_CHECK_INTERVAL, () -> nanos(shared.now), () -> true);
    waiting = new WaitingSweep(waitingTasks, store, tasks, register, clock);
    results = new ResultService(resultStore, payloads, tasks);
    saved = new SavedResults(resultStore, results, tasks, clock);
    resultSweep =
        new ResultSweep(
            proxy.wrap(ResultsByAge.class, new MemoryResultsByAge(shared.results)),
            results,
            store,
            clock);
    submissions = new ResultSubmissions(tasks, payloads, MAX_PAYLOAD_BYTES);
    massReset = new MassReset(proxy.wrap(TasksInState.class, shared.tasks), tasks);
  }

  private static long nanos(Instant now) {
    return TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli());
  }

  public DecisionContext context() {
    return new DecisionContext(
        shared.now.plus(clockOffset), "%08x".formatted(++shared.tokens).repeat(4), 0.5);
  }

  public Document document(String targetId) {
    Document sample = DocumentSamples.document(targetId);
    return documents
        .register(new NewDocument(sample.target(), sample.creator(), Map.of()), Caller.ANONYMOUS)
        .toCompletableFuture()
        .join();
  }

  public Task create(Document document, String key, String... needs) {
    return create(document, key, missing(document, needs), null);
  }

  public Task create(Document document, String key, List<Effect.NeededTask> needed, Instant dueAt) {
    return submit(document, key, needed, OnDependencyFailure.FAIL, dueAt)
        .toCompletableFuture()
        .join();
  }

  /** Dependencies on tasks of the document, which are created if they do not exist. */
  List<Effect.NeededTask> missing(Document document, String... keys) {
    return Stream.of(keys)
        .map(TaskKey::fromString)
        .map(key -> new Effect.NeededTask(TaskId.of(document.id(), key), key, Map.of()))
        .toList();
  }

  public CompletionStage<Task> submit(
      Document document, String key, List<Effect.NeededTask> needed, OnDependencyFailure rule) {
    return submit(document, key, needed, rule, null);
  }

  public CompletionStage<Task> submit(
      Document document,
      String key,
      List<Effect.NeededTask> needed,
      OnDependencyFailure rule,
      Instant dueAt) {
    TaskKey taskKey = TaskKey.fromString(key);
    TaskSpec spec =
        TaskSpec.builder(TaskSpec.DocumentCopy.of(document), taskKey, "docket", "test")
            .onDependencyFailure(rule)
            .build();
    TaskId id = TaskId.of(document.id(), taskKey);
    return tasks.create(
        TaskMachine.create(id, spec, needed, dueAt, context().withLimits(limits(taskKey))));
  }

  /** Whether this server calls its stores and its broker through the given proxy. */
  boolean uses(CrashingProxy other) {
    return proxy == other;
  }

  /** A server with the same backends, none of whose calls fail. */
  public InMemoryServer successor() {
    return new InMemoryServer(shared);
  }

  public Decision execute(TaskId id, Command command) {
    return tasks.execute(id, command).toCompletableFuture().join();
  }

  public Task task(TaskId id) {
    return shared.tasks.find(id).toCompletableFuture().join().orElseThrow().value();
  }

  public void advanceClock(Duration time) {
    shared.now = shared.now.plus(time);
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Task task) {
    if (shared.brokerOutcome == PublishOutcome.CONFIRMED) {
      shared.queue.add(task);
    }
    return CompletableFuture.completedStage(shared.brokerOutcome);
  }

  @Override
  public boolean ready() {
    return shared.brokerOutcome != PublishOutcome.NOT_NOW;
  }

  @Override
  public Policy of(TaskKey key) {
    return shared.policies.getOrDefault(key, POLICY);
  }

  @Override
  public KeyLimits limits(TaskKey key) {
    return shared.limits.getOrDefault(key, KeyLimits.NONE);
  }

  /** Admits waiting tasks, as the sweep and the requests of this server do. */
  void admit() {
    admissionSweep.run();
    for (Runnable pass = passes.poll(); pass != null; pass = passes.poll()) {
      pass.run();
    }
  }

  @Override
  public Policy of(Task task) {
    return of(task.key());
  }

  private final class ManualClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return shared.now.plus(clockOffset);
    }
  }
}
