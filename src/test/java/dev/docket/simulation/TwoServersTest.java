package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.auth.Caller;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.document.Document;
import dev.docket.http.Problem;
import dev.docket.store.Versioned;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskExists;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two servers act on one task concurrently, in every interleaving of their calls to the stores and
 * to the broker. Afterwards the invariants hold.
 */
final class TwoServersTest {

  /** An action of one server on the task. */
  interface Action {
    void run(Fixture fixture, InMemoryServer server);
  }

  /** The backends, the task, and its record at the start of the scenario. */
  static final class Fixture {
    final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
    final Document document;
    TaskId id;
    Versioned<Task> seen;
    final List<Decision> decisions = new ArrayList<>();

    Fixture(BiConsumer<Fixture, InMemoryServer> setup) {
      InMemoryServer server = new InMemoryServer(shared);
      document = server.document("film");
      setup.accept(this, server);
      readTask();
    }

    void readTask() {
      seen = shared.tasks.find(id).toCompletableFuture().join().orElseThrow();
    }

    void execute(InMemoryServer server, Command command) {
      try {
        CompletableFuture<Decision> stage =
            command instanceof Command.Observed observed
                ? server.tasks.execute(seen, observed).toCompletableFuture()
                : server.tasks.execute(id, command).toCompletableFuture();
        Decision decision = stage.join();
        synchronized (decisions) {
          decisions.add(decision);
        }
      } catch (CompletionException e) {
        assertThat(e.getCause()).isInstanceOf(Problem.class);
      }
    }

    Task task() {
      return seen.value();
    }
  }

  record ActionPair(
      String name, BiConsumer<Fixture, InMemoryServer> setup, Action first, Action second) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static void queued(Fixture fixture, InMemoryServer server) {
    fixture.id = server.create(fixture.document, "A").id();
  }

  /** The message is in the queue, but the broker's confirmation is not written yet. */
  private static void publishedUnconfirmed(Fixture fixture, InMemoryServer server) {
    fixture.shared.brokerOutcome = PublishOutcome.NOT_NOW;
    fixture.id = server.create(fixture.document, "A").id();
    fixture.shared.brokerOutcome = PublishOutcome.CONFIRMED;
    fixture.shared.queue.add(server.task(fixture.id));
  }

  private static void running(Fixture fixture, InMemoryServer server) {
    queued(fixture, server);
    Task sent = fixture.shared.queue.remove(0);
    server.execute(
        fixture.id,
        Command.Claim.byWorker(new Reporter(new RunRef(1, sent.run().token()), "c", "w"), null));
  }

  private static void failed(Fixture fixture, InMemoryServer server) {
    running(fixture, server);
    Task task = server.task(fixture.id);
    server.execute(
        fixture.id,
        Command.Fail.of(
            new Reporter(new RunRef(1, task.run().token()), "c", "w"),
            TaskState.ERROR,
            RunEnd.of("why"),
            List.of()));
  }

  private static Action claim(String claimId) {
    return (fixture, server) ->
        fixture.execute(
            server,
            Command.Claim.byWorker(
                new Reporter(new RunRef(1, fixture.task().run().token()), claimId, claimId), null));
  }

  private static Action confirm() {
    return (fixture, server) ->
        fixture.execute(server, new Command.Confirm(new RunRef(1, fixture.task().run().token())));
  }

  private static Action complete() {
    return (fixture, server) ->
        fixture.execute(
            server,
            new Command.Complete(
                new Reporter(new RunRef(1, fixture.task().run().token()), "c", "w"),
                RunEnd.of("done"),
                Recovery.results("one"),
                null));
  }

  private static Action heartbeat() {
    return (fixture, server) ->
        fixture.execute(
            server,
            new Command.Heartbeat(
                new Reporter(new RunRef(1, fixture.task().run().token()), "c", "w")));
  }

  private static Action execute(Command command) {
    return (fixture, server) -> fixture.execute(server, command);
  }

  private static Action runOverdueSweep() {
    return (fixture, server) -> server.overdue.run();
  }

  private static Action submitDependent() {
    return (fixture, server) ->
        server
            .submit(
                fixture.document,
                "B",
                List.of(new Effect.NeededTask(fixture.id, TaskKey.fromString("A"), null)),
                OnDependencyFailure.FAIL)
            .toCompletableFuture()
            .join();
  }

  private static Action massReset() {
    return (fixture, server) ->
        server.massReset.reset(TaskKey.fromString("A"), TaskState.QUEUED, Caller.ANONYMOUS);
  }

  static Stream<ActionPair> pairs() {
    return Stream.of(
        new ActionPair(
            "claim and confirm", TwoServersTest::publishedUnconfirmed, claim("c"), confirm()),
        new ActionPair("claim and claim", TwoServersTest::queued, claim("c"), claim("d")),
        new ActionPair("claim and cancel", TwoServersTest::queued, claim("c"), execute(cancel())),
        new ActionPair("claim and mass reset", TwoServersTest::queued, claim("c"), massReset()),
        new ActionPair(
            "claim and force retry", TwoServersTest::queued, claim("c"), execute(forceRetry())),
        new ActionPair("claim and delete", TwoServersTest::queued, claim("c"), execute(delete())),
        new ActionPair(
            "complete and cancel", TwoServersTest::running, complete(), execute(cancel())),
        new ActionPair(
            "complete and force retry", TwoServersTest::running, complete(), execute(forceRetry())),
        new ActionPair(
            "complete and delete", TwoServersTest::running, complete(), execute(delete())),
        new ActionPair("complete and complete", TwoServersTest::running, complete(), complete()),
        new ActionPair(
            "complete and timeout",
            TwoServersTest::running,
            complete(),
            execute(new Command.TimedOut())),
        new ActionPair(
            "complete and lost lease",
            TwoServersTest::running,
            complete(),
            execute(new Command.LeaseLost())),
        new ActionPair(
            "heartbeat and lost lease",
            TwoServersTest::running,
            heartbeat(),
            execute(new Command.LeaseLost())),
        new ActionPair(
            "lost lease and lost lease", TwoServersTest::running, leaseLost(), leaseLost()),
        new ActionPair(
            "complete and new dependent", TwoServersTest::running, complete(), submitDependent()),
        new ActionPair(
            "delete and new dependent",
            TwoServersTest::running,
            execute(delete()),
            submitDependent()),
        new ActionPair(
            "cancel and new dependent",
            TwoServersTest::queued,
            execute(cancel()),
            submitDependent()),
        new ActionPair(
            "retry and new dependent", TwoServersTest::failed, execute(retry()), submitDependent()),
        new ActionPair(
            "retry and force retry",
            TwoServersTest::failed,
            execute(retry()),
            execute(forceRetry())),
        new ActionPair(
            "overdue sweep and overdue sweep",
            TwoServersTest::createdUnpublished,
            runOverdueSweep(),
            runOverdueSweep()),
        new ActionPair(
            "overdue sweep and claim",
            TwoServersTest::createdUnpublished,
            runOverdueSweep(),
            claim("c")),
        new ActionPair(
            "overdue sweep and cancel",
            TwoServersTest::createdUnpublished,
            runOverdueSweep(),
            execute(cancel())),
        new ActionPair(
            "retry and wake",
            TwoServersTest::dependencyRunningAfterFailure,
            execute(retry()),
            completeDependency()),
        new ActionPair(
            "wake and cancel",
            TwoServersTest::dependencyRunning,
            completeDependency(),
            execute(cancel())),
        new ActionPair(
            "wake and delete",
            TwoServersTest::dependencyRunning,
            completeDependency(),
            execute(delete())),
        new ActionPair(
            "wake and force retry of the dependency",
            TwoServersTest::dependencyRunning,
            completeDependency(),
            forceRetryDependency()));
  }

  private static Command cancel() {
    return new Command.Cancel("ann");
  }

  private static Command forceRetry() {
    return new Command.ForceRetry("ann");
  }

  private static Command delete() {
    return new Command.Delete("ann");
  }

  private static Command retry() {
    return new Command.Retry("ann");
  }

  private static Action leaseLost() {
    return execute(new Command.LeaseLost());
  }

  /** A server crashed before it published the message. */
  private static void createdUnpublished(Fixture fixture, InMemoryServer server) {
    fixture.shared.brokerOutcome = PublishOutcome.NOT_NOW;
    fixture.id = server.create(fixture.document, "A").id();
    fixture.shared.brokerOutcome = PublishOutcome.CONFIRMED;
    server.advanceClock(Duration.ofMinutes(1));
  }

  /** The task depends on OTHER, which is running. */
  private static void dependencyRunning(Fixture fixture, InMemoryServer server) {
    fixture.id = server.create(fixture.document, "A", "OTHER").id();
    Task other = fixture.shared.queue.remove(0);
    server.execute(
        other.id(),
        Command.Claim.byWorker(new Reporter(new RunRef(1, other.run().token()), "c", "w"), null));
  }

  /** The task depends on OTHER, which failed, so the task failed too; OTHER is running again. */
  private static void dependencyRunningAfterFailure(Fixture fixture, InMemoryServer server) {
    dependencyRunning(fixture, server);
    TaskId other = TaskId.of(fixture.document.id(), TaskKey.fromString("OTHER"));
    Task task = server.task(other);
    server.execute(
        other,
        Command.Fail.of(
            new Reporter(new RunRef(1, task.run().token()), "c", "w"),
            TaskState.ERROR,
            RunEnd.of("why"),
            List.of()));
    server.execute(other, retry());
    Task secondRun = fixture.shared.queue.remove(0);
    server.execute(
        other, Command.Claim.byWorker(new Reporter(secondRun.run().ref(), "c", "w"), null));
  }

  /** Completes OTHER, which wakes its dependents. */
  private static Action completeDependency() {
    return (fixture, server) -> {
      TaskId other = TaskId.of(fixture.document.id(), TaskKey.fromString("OTHER"));
      Task task =
          fixture.shared.tasks.find(other).toCompletableFuture().join().orElseThrow().value();
      server.execute(
          other,
          new Command.Complete(
              new Reporter(task.run().ref(), "c", "w"),
              RunEnd.of("done"),
              Recovery.results("other"),
              null));
    };
  }

  private static Action forceRetryDependency() {
    return (fixture, server) -> {
      TaskId other = TaskId.of(fixture.document.id(), TaskKey.fromString("OTHER"));
      server.execute(other, forceRetry());
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void invariantsHoldInEveryInterleaving(ActionPair pair) throws Exception {
    int schedules = Interleavings.runAll(2, 3, () -> new TwoServers(pair, false));
    assertThat(schedules).isGreaterThan(1);
  }

  /** Both servers have the task in their cache; the first one's copy is stale. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void invariantsHoldWithStaleCache(ActionPair pair) throws Exception {
    int schedules = Interleavings.runAll(2, 2, () -> new TwoServers(pair, true));
    assertThat(schedules).isGreaterThan(1);
  }

  /** Each submission names a dependency, which may exist already or is created. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void failsCycleOfConcurrentSubmissions(int size) throws Exception {
    int schedules = Interleavings.runAll(size, size == 2 ? 4 : 1, () -> new Cycle(size));
    assertThat(schedules).isGreaterThan(1);
  }

  /** Concurrent submissions, one per server, whose tasks depend on each other in a cycle. */
  private static final class Cycle implements Interleavings.Scenario {
    private final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
    private final Document document = new InMemoryServer(shared).document("film");
    private final int size;

    private Cycle(int size) {
      this.size = size;
    }

    @Override
    public List<Runnable> actors(List<Interleavings.ActorThread> proxies) {
      List<Runnable> actors = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        InMemoryServer server = new InMemoryServer(shared, proxies.get(i));
        String key = "T" + i;
        String needed = "T" + (i + 1) % size;
        actors.add(() -> submit(server, key, needed));
      }
      return actors;
    }

    private void submit(InMemoryServer server, String key, String needed) {
      try {
        server.create(document, key, needed);
      } catch (CompletionException e) {
        // Another submission has created this task as its dependency, without dependencies.
        assertThat(e.getCause()).isInstanceOf(TaskExists.class);
      }
    }

    @Override
    public void check() {
      Recovery.verify(shared);
      List<Task> tasks = shared.tasks.all().stream().map(Versioned::value).toList();
      assertThat(tasks).hasSize(size);
      if (tasks.stream().noneMatch(task -> task.dependsOn().isEmpty())) {
        assertThat(tasks).extracting(Task::state).containsOnly(TaskState.FAILED_DEPENDENCY);
        assertThat(tasks).anyMatch(task -> task.message().contains("dependency cycle"));
      }
    }
  }

  /** Two servers with the same stores. */
  private static final class TwoServers implements Interleavings.Scenario {
    private final ActionPair pair;
    private final Fixture fixture;

    private final boolean withCachedTask;

    private TwoServers(ActionPair pair, boolean withCachedTask) {
      this.pair = pair;
      this.withCachedTask = withCachedTask;
      this.fixture = new Fixture(pair.setup());
    }

    @Override
    public List<Runnable> actors(List<Interleavings.ActorThread> proxies) {
      InMemoryServer first = new InMemoryServer(fixture.shared, proxies.get(0));
      InMemoryServer second = new InMemoryServer(fixture.shared, proxies.get(1));
      if (withCachedTask) {
        first.execute(fixture.id, new Command.AddDependent(new TaskId("x")));
        second.execute(fixture.id, new Command.AddDependent(new TaskId("y")));
        fixture.readTask();
      }
      return List.of(
          () -> pair.first().run(fixture, first), () -> pair.second().run(fixture, second));
    }

    @Override
    public void check() {
      long grantedClaims =
          fixture.decisions.stream()
              .filter(d -> d instanceof Decision.Changed && d.task().run().lease() != null)
              .filter(d -> d.task().run().startedAt() != null)
              .map(d -> d.task().run().lease().claimId())
              .distinct()
              .count();
      assertThat(grantedClaims).isLessThanOrEqualTo(1);
      Recovery.verify(fixture.shared);
    }
  }
}
