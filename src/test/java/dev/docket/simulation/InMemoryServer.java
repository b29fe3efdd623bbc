package dev.docket.simulation;

import dev.docket.broker.Census;
import dev.docket.broker.TaskPublisher;
import dev.docket.dependency.DependencyEffects;
import dev.docket.dependency.WaitingSweep;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentService;
import dev.docket.document.DocumentStore;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.document.NewDocument;
import dev.docket.maintenance.ExpiredRecords;
import dev.docket.maintenance.LeaseSweep;
import dev.docket.maintenance.MemoryExpiredRecords;
import dev.docket.maintenance.OverdueSweep;
import dev.docket.maintenance.PurgeSweep;
import dev.docket.maintenance.RetentionSweep;
import dev.docket.maintenance.UnansweredSweep;
import dev.docket.maintenance.UnroutableSweep;
import dev.docket.outbox.EffectExecutor;
import dev.docket.outbox.LazyConfirmations;
import dev.docket.result.MemoryResultStore;
import dev.docket.result.ResultStore;
import dev.docket.result.SavedResults;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server without network: the desk, the dispatcher and the sweeps over stores in memory, a broker
 * that is a list, and a clock that is set. Everything happens on the test's thread. It can be made
 * to die at any of its calls; another one over the same stores is then the server that comes back.
 */
public final class InMemoryServer implements TaskPublisher, Policies {

  public static final Policy POLICY = TaskSamples.POLICY;

  /** The pause between two looks at the leases. */
  static final Duration LOOKS = Duration.ofSeconds(30);

  /** How long things are kept. */
  static final RetentionSweep.Ages KEPT =
      new RetentionSweep.Ages(Duration.ofDays(30), Duration.ofDays(60));

  /** What outlives a server. */
  public static final class SharedBackends {
    public final MemoryTaskStore tasks = new MemoryTaskStore();
    public final InvariantRecorder recorder = new InvariantRecorder(tasks);
    public final MemoryDocumentStore documents = new MemoryDocumentStore();
    public final MemoryResultStore results = new MemoryResultStore();
    public final List<Task> queue = new ArrayList<>();
    public Instant now = Instant.parse("2026-03-01T10:00:00.000Z");
    final Map<TaskKey, Policy> policies = new HashMap<>();
    public Sent broker = Sent.CONFIRMED;
    int tokens;
    public int expired;
  }

  public final SharedBackends shared;
  public final TaskService tasks;
  public final DocumentService documents;
  final EffectExecutor dispatcher;
  public final OverdueSweep overdue;
  final UnroutableSweep unroutable;
  public final PurgeSweep purge;
  public final RetentionSweep retention;
  final UnansweredSweep unanswered;
  final LeaseSweep leases;
  public final WaitingSweep waiting;
  final SavedResults saved;
  final MassReset massReset;
  private final CrashingProxy seam;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  public InMemoryServer(SharedBackends shared) {
    this(shared, CrashingProxy.OPEN);
  }

  /** With something between it and all that it reaches. */
  public InMemoryServer(SharedBackends shared, CrashingProxy seam) {
    this.shared = shared;
    this.seam = seam;
    // A 202 that is late has its own test; here it is written when the broker answers.
    timer.shutdown();
    Clock clock = new SetClock();
    TaskStore store = seam.before(TaskStore.class, shared.recorder);
    TaskStore.Sweeps sweeps = seam.before(TaskStore.Sweeps.class, shared.tasks);
    ResultStore resultStore = seam.before(ResultStore.class, shared.results);
    TaskPublisher protocol = seam.before(TaskPublisher.class, this);
    CompletableFuture<TaskService> fixture = new CompletableFuture<>();
    DependencyEffects dependents =
        new DependencyEffects(sweeps, this, this::context, Runnable::run, fixture);
    dispatcher =
        new EffectExecutor(
            protocol,
            resultStore,
            dependents,
            new LazyConfirmations(timer, fixture),
            clock,
            fixture);
    tasks = new TaskService(store, this, this::context, dispatcher);
    fixture.complete(tasks);
    documents =
        new DocumentService(
            seam.before(DocumentStore.class, shared.documents), clock, () -> context().fresh());
    overdue = new OverdueSweep(sweeps, tasks, dispatcher, protocol, clock);
    unroutable = new UnroutableSweep(sweeps, tasks, protocol);
    ExpiredRecords old =
        seam.before(ExpiredRecords.class, new MemoryExpiredRecords(shared.tasks, shared.documents));
    purge = new PurgeSweep(documents, sweeps, tasks, old);
    retention = new RetentionSweep(old, tasks, documents, KEPT, n -> shared.expired += n, clock);
    unanswered = new UnansweredSweep(sweeps, tasks, this, Census.NONE, clock);
    leases = new LeaseSweep(sweeps, tasks, this, LOOKS, () -> nanos(shared.now), () -> true);
    waiting = new WaitingSweep(sweeps, store, tasks, dependents, clock);
    saved = new SavedResults(resultStore, tasks, clock);
    massReset = new MassReset(sweeps, tasks);
  }

  private static long nanos(Instant now) {
    return TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli());
  }

  public DecisionContext context() {
    return new DecisionContext(shared.now, "%08x".formatted(++shared.tokens).repeat(4), 0.5);
  }

  public Document document(String targetId) {
    Document sample = DocumentSamples.document(targetId);
    return documents
        .register(new NewDocument(sample.target(), sample.creator(), Map.of()))
        .toCompletableFuture()
        .join();
  }

  public Task create(Document document, String key, String... needs) {
    return create(document, key, missing(document, needs), null);
  }

  public Task create(Document document, String key, List<Effect.Needed> needed, Instant dueAt) {
    return submit(document, key, needed, OnDependencyFailure.FAIL, dueAt)
        .toCompletableFuture()
        .join();
  }

  /** Tasks of the document that are made if they are not there. */
  List<Effect.Needed> missing(Document document, String... keys) {
    return Stream.of(keys)
        .map(TaskKey::fromString)
        .map(key -> new Effect.Needed(TaskId.of(document.id(), key), key, Map.of()))
        .toList();
  }

  public CompletionStage<Task> submit(
      Document document, String key, List<Effect.Needed> needed, OnDependencyFailure rule) {
    return submit(document, key, needed, rule, null);
  }

  public CompletionStage<Task> submit(
      Document document,
      String key,
      List<Effect.Needed> needed,
      OnDependencyFailure rule,
      Instant dueAt) {
    TaskKey name = TaskKey.fromString(key);
    TaskSpec spec =
        new TaskSpec(
            TaskSpec.DocumentCopy.of(document),
            name,
            Map.of(),
            1,
            List.of(),
            "docket",
            null,
            null,
            null,
            rule,
            Map.of(),
            "test",
            Map.of(),
            null);
    TaskId id = TaskId.of(document.id(), name);
    return tasks.create(TaskMachine.create(id, spec, needed, dueAt, context()));
  }

  /** Whether it reaches its stores and its broker through this. */
  boolean isBehind(CrashingProxy other) {
    return seam == other;
  }

  /** The server that comes after it, and is not troubled. */
  public InMemoryServer successor() {
    return new InMemoryServer(shared);
  }

  public Decision execute(TaskId id, Command command) {
    return tasks.execute(id, command).toCompletableFuture().join();
  }

  public Task now(TaskId id) {
    return shared.tasks.find(id).toCompletableFuture().join().orElseThrow().value();
  }

  public void pass(Duration time) {
    shared.now = shared.now.plus(time);
  }

  @Override
  public CompletionStage<Sent> publish(Task task) {
    if (shared.broker == Sent.CONFIRMED) {
      shared.queue.add(task);
    }
    return CompletableFuture.completedStage(shared.broker);
  }

  @Override
  public boolean ready() {
    return shared.broker != Sent.NOT_NOW;
  }

  @Override
  public CompletionStage<Void> revoke(Task task) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public Policy of(TaskKey key) {
    return shared.policies.getOrDefault(key, POLICY);
  }

  @Override
  public Policy of(Task task) {
    return of(task.key());
  }

  private final class SetClock extends Clock {
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
      return shared.now;
    }
  }
}
