package dev.docket.dispatch;

import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.Documents;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.document.NewDocument;
import dev.docket.document.Saved;
import dev.docket.document.Version;
import dev.docket.document.Versioned;
import dev.docket.result.MemoryResultStore;
import dev.docket.task.Command;
import dev.docket.task.Decision;
import dev.docket.task.Effect;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Moment;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskCourier;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskMachine;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskStore;
import dev.docket.task.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A server without network: the desk, the dispatcher and the sweeps over stores in memory, a broker
 * that is a list, and a clock that is set. Everything happens on the test's thread. It can be made
 * to die at any of its writes; another one over the same stores is then the server that comes back.
 */
final class House implements TaskCourier, Policies {

  static final Policy POLICY =
      new Policy(
          "docket",
          Policy.Way.CLAIMS,
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          Duration.ofMinutes(30),
          Duration.ofDays(7));

  /** What outlives a server. */
  static final class Ground {
    final MemoryTaskStore tasks = new MemoryTaskStore();
    final MemoryDocumentStore documents = new MemoryDocumentStore();
    final MemoryResultStore results = new MemoryResultStore();
    final List<Task> queue = new ArrayList<>();
    Instant now = Instant.parse("2026-03-01T10:00:00.000Z");
    int tokens;
  }

  final Ground ground;
  final Tasks tasks;
  final Documents documents;
  final Dispatcher dispatcher;
  final OverdueSweep overdue;
  final UnroutableSweep unroutable;
  final PurgeSweep purge;
  Sent broker = Sent.CONFIRMED;

  /** How many more writes to the task store succeed; then the server is dead. */
  int writesLeft = Integer.MAX_VALUE;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  House(Ground ground) {
    this.ground = ground;
    // A 202 that is late has its own test; here it is written when the broker answers.
    timer.shutdown();
    Clock clock = new SetClock();
    TaskStore mortal = new Mortal();
    CompletableFuture<Tasks> desk = new CompletableFuture<>();
    dispatcher =
        new Dispatcher(
            this,
            ground.results,
            new Dependents(ground.tasks, this, this::moment, Runnable::run, desk),
            new Confirmations(timer, desk),
            clock,
            desk);
    tasks = new Tasks(mortal, this, this::moment, dispatcher);
    desk.complete(tasks);
    documents = new Documents(ground.documents, clock, () -> moment().fresh());
    overdue = new OverdueSweep(ground.tasks, tasks, dispatcher, this, clock);
    unroutable = new UnroutableSweep(ground.tasks, tasks, this);
    purge = new PurgeSweep(documents, ground.tasks, tasks);
  }

  Moment moment() {
    return new Moment(ground.now, "%08x".formatted(++ground.tokens).repeat(4), 0.5);
  }

  Document document(String targetId) {
    Document sample = DocumentSamples.document(targetId);
    return documents
        .register(new NewDocument(sample.target(), sample.creator(), Map.of()))
        .toCompletableFuture()
        .join();
  }

  Task create(Document document, String key, String... needs) {
    List<Effect.Needed> needed = new ArrayList<>();
    for (String need : needs) {
      TaskKey other = TaskKey.fromString(need);
      needed.add(new Effect.Needed(TaskId.of(document.id(), other), other, Map.of()));
    }
    return create(document, key, needed, null);
  }

  Task create(Document document, String key, List<Effect.Needed> needed, Instant dueAt) {
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
            OnDependencyFailure.FAIL,
            Map.of(),
            "test",
            Map.of());
    TaskId id = TaskId.of(document.id(), name);
    Task task = TaskMachine.create(id, spec, needed, dueAt, moment());
    return tasks.create(task).toCompletableFuture().join();
  }

  Decision tell(TaskId id, Command command) {
    return tasks.tell(id, command).toCompletableFuture().join();
  }

  Task now(TaskId id) {
    return ground.tasks.find(id).toCompletableFuture().join().orElseThrow().value();
  }

  void pass(Duration time) {
    ground.now = ground.now.plus(time);
  }

  @Override
  public CompletionStage<Sent> publish(Task task) {
    if (writesLeft <= 0) {
      return new CompletableFuture<>();
    }
    if (broker == Sent.CONFIRMED) {
      ground.queue.add(task);
    }
    return CompletableFuture.completedStage(broker);
  }

  @Override
  public boolean ready() {
    return broker != Sent.NOT_NOW;
  }

  @Override
  public CompletionStage<Void> revoke(Task task) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public Policy of(TaskKey key) {
    return POLICY;
  }

  @Override
  public Policy of(Task task) {
    return POLICY;
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
      return ground.now;
    }
  }

  /**
   * The store as a server sees it that dies after some writes: from then on nothing is answered.
   */
  private final class Mortal implements TaskStore {

    private CompletionStage<Saved> write(java.util.function.Supplier<CompletionStage<Saved>> it) {
      if (writesLeft <= 0) {
        return new CompletableFuture<>();
      }
      writesLeft--;
      return it.get();
    }

    @Override
    public CompletionStage<Saved> create(Task task) {
      return write(() -> ground.tasks.create(task));
    }

    @Override
    public CompletionStage<Saved> replace(Task task, Version seen) {
      return write(() -> ground.tasks.replace(task, seen));
    }

    @Override
    public CompletionStage<Saved> remove(TaskId id, Version seen) {
      return write(() -> ground.tasks.remove(id, seen));
    }

    @Override
    public CompletionStage<Optional<Versioned<Task>>> find(TaskId id) {
      return writesLeft <= 0 ? new CompletableFuture<>() : ground.tasks.find(id);
    }

    @Override
    public CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids) {
      return writesLeft <= 0 ? new CompletableFuture<>() : ground.tasks.find(ids);
    }
  }
}
