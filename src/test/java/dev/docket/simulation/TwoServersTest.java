package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.document.Document;
import dev.docket.http.Problem;
import dev.docket.store.Versioned;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskExists;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
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
 * Two servers do something with one task at once, and take turns at each call to the stores and to
 * the broker, in every order. Afterwards all is at rest, and as was promised.
 */
final class TwoServersTest {

  /** A server, the task, and what it does with it. */
  interface Act {
    void by(Cast actors, InMemoryServer server);
  }

  /** Who is on the stage: the task, and what it was when the scene began. */
  static final class Cast {
    final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
    final Document document;
    TaskId id;
    Versioned<Task> seen;
    final List<Decision> answers = new ArrayList<>();

    Cast(BiConsumer<Cast, InMemoryServer> setting) {
      InMemoryServer server = new InMemoryServer(shared);
      document = server.document("film");
      setting.accept(this, server);
      run();
    }

    void run() {
      seen = shared.tasks.find(id).toCompletableFuture().join().orElseThrow();
    }

    void execute(InMemoryServer server, Command command) {
      try {
        CompletableFuture<Decision> told =
            command instanceof Command.Observed observed
                ? server.tasks.execute(seen, observed).toCompletableFuture()
                : server.tasks.execute(id, command).toCompletableFuture();
        Decision answer = told.join();
        synchronized (answers) {
          answers.add(answer);
        }
      } catch (CompletionException refused) {
        assertThat(refused.getCause()).isInstanceOf(Problem.class);
      }
    }

    Task task() {
      return seen.value();
    }
  }

  record Pair(String name, BiConsumer<Cast, InMemoryServer> setting, Act one, Act other) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static void queued(Cast actors, InMemoryServer server) {
    actors.id = server.create(actors.document, "A").id();
  }

  /** Sent, but the broker's word is not written yet. */
  private static void sent(Cast actors, InMemoryServer server) {
    actors.shared.broker = Sent.NOT_NOW;
    actors.id = server.create(actors.document, "A").id();
    actors.shared.broker = Sent.CONFIRMED;
    actors.shared.queue.add(server.now(actors.id));
  }

  private static void running(Cast actors, InMemoryServer server) {
    queued(actors, server);
    Task sent = actors.shared.queue.remove(0);
    server.execute(actors.id, new Command.Claim(1, sent.run(), "c", "w", false));
  }

  private static void failed(Cast actors, InMemoryServer server) {
    running(actors, server);
    Task task = server.now(actors.id);
    server.execute(
        actors.id, new Command.Fail(1, task.run(), "c", "w", TaskState.ERROR, "why", List.of()));
  }

  private static Act claim(String claimId) {
    return (actors, server) ->
        actors.execute(server, new Command.Claim(1, actors.task().run(), claimId, claimId, false));
  }

  private static Act confirm() {
    return (actors, server) -> actors.execute(server, new Command.Confirm(1, actors.task().run()));
  }

  private static Act complete() {
    return (actors, server) ->
        actors.execute(
            server,
            new Command.Complete(
                1, actors.task().run(), "c", "w", "done", Recovery.results("one")));
  }

  private static Act beat() {
    return (actors, server) ->
        actors.execute(server, new Command.Heartbeat(1, actors.task().run(), "c", "w"));
  }

  private static Act say(Command command) {
    return (actors, server) -> actors.execute(server, command);
  }

  private static Act overdue() {
    return (actors, server) -> server.overdue.run();
  }

  private static Act needsIt() {
    return (actors, server) ->
        server
            .submit(
                actors.document,
                "B",
                List.of(new Effect.Needed(actors.id, TaskKey.fromString("A"), null)),
                OnDependencyFailure.FAIL)
            .toCompletableFuture()
            .join();
  }

  private static Act massReset() {
    return (actors, server) ->
        server.massReset.reset(TaskKey.fromString("A"), TaskState.QUEUED, "ann");
  }

  static Stream<Pair> pairs() {
    return Stream.of(
        new Pair("claim and confirm", TwoServersTest::sent, claim("c"), confirm()),
        new Pair("claim and claim", TwoServersTest::queued, claim("c"), claim("d")),
        new Pair("claim and cancel", TwoServersTest::queued, claim("c"), say(cancel())),
        new Pair("claim and mass reset", TwoServersTest::queued, claim("c"), massReset()),
        new Pair("claim and force", TwoServersTest::queued, claim("c"), say(force())),
        new Pair("claim and delete", TwoServersTest::queued, claim("c"), say(delete())),
        new Pair("complete and cancel", TwoServersTest::running, complete(), say(cancel())),
        new Pair("complete and force", TwoServersTest::running, complete(), say(force())),
        new Pair("complete and delete", TwoServersTest::running, complete(), say(delete())),
        new Pair("complete and complete", TwoServersTest::running, complete(), complete()),
        new Pair(
            "complete and time-out",
            TwoServersTest::running,
            complete(),
            say(new Command.TimedOut())),
        new Pair(
            "complete and lost", TwoServersTest::running, complete(), say(new Command.LeaseLost())),
        new Pair("beat and lost", TwoServersTest::running, beat(), say(new Command.LeaseLost())),
        new Pair("lost and lost", TwoServersTest::running, lost(), lost()),
        new Pair("complete and needed", TwoServersTest::running, complete(), needsIt()),
        new Pair("delete and needed", TwoServersTest::running, say(delete()), needsIt()),
        new Pair("cancel and needed", TwoServersTest::queued, say(cancel()), needsIt()),
        new Pair("retry and needed", TwoServersTest::failed, say(retry()), needsIt()),
        new Pair("retry and force", TwoServersTest::failed, say(retry()), say(force())),
        new Pair("sweep and sweep", TwoServersTest::leftUndone, overdue(), overdue()),
        new Pair("sweep and claim", TwoServersTest::leftUndone, overdue(), claim("c")),
        new Pair("sweep and cancel", TwoServersTest::leftUndone, overdue(), say(cancel())),
        new Pair("retry and wake", TwoServersTest::neededAndFailed, say(retry()), redo()),
        new Pair("wake and cancel", TwoServersTest::neededAndRunning, redo(), say(cancel())),
        new Pair("wake and delete", TwoServersTest::neededAndRunning, redo(), say(delete())),
        new Pair("wake and retry of it", TwoServersTest::neededAndRunning, redo(), retryOther()));
  }

  private static Command cancel() {
    return new Command.Cancel("ann");
  }

  private static Command force() {
    return new Command.ForceRetry("ann");
  }

  private static Command delete() {
    return new Command.Delete("ann");
  }

  private static Command retry() {
    return new Command.Retry("ann");
  }

  private static Act lost() {
    return say(new Command.LeaseLost());
  }

  /** A server died before it had sent anything. */
  private static void leftUndone(Cast actors, InMemoryServer server) {
    actors.shared.broker = Sent.NOT_NOW;
    actors.id = server.create(actors.document, "A").id();
    actors.shared.broker = Sent.CONFIRMED;
    server.pass(Duration.ofMinutes(1));
  }

  /** The task needs OTHER, which runs. */
  private static void neededAndRunning(Cast actors, InMemoryServer server) {
    actors.id = server.create(actors.document, "A", "OTHER").id();
    Task other = actors.shared.queue.remove(0);
    server.execute(other.id(), new Command.Claim(1, other.run(), "c", "w", false));
  }

  /** The task needed OTHER, which failed, so it has failed too; OTHER runs again. */
  private static void neededAndFailed(Cast actors, InMemoryServer server) {
    neededAndRunning(actors, server);
    TaskId other = TaskId.of(actors.document.id(), TaskKey.fromString("OTHER"));
    Task task = server.now(other);
    server.execute(
        other, new Command.Fail(1, task.run(), "c", "w", TaskState.ERROR, "why", List.of()));
    server.execute(other, retry());
    Task again = actors.shared.queue.remove(0);
    server.execute(other, new Command.Claim(again.attempt(), again.run(), "c", "w", false));
  }

  /** OTHER succeeds, and those who need it are told. */
  private static Act redo() {
    return (actors, server) -> {
      TaskId other = TaskId.of(actors.document.id(), TaskKey.fromString("OTHER"));
      Task task =
          actors.shared.tasks.find(other).toCompletableFuture().join().orElseThrow().value();
      server.execute(
          other,
          new Command.Complete(
              task.attempt(), task.run(), "c", "w", "done", Recovery.results("other")));
    };
  }

  private static Act retryOther() {
    return (actors, server) -> {
      TaskId other = TaskId.of(actors.document.id(), TaskKey.fromString("OTHER"));
      server.execute(other, force());
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void keepTheirPromisesInEveryOrder(Pair pair) throws Exception {
    int schedules = Interleavings.all(2, 3, () -> new TwoHouses(pair, false));
    assertThat(schedules).isGreaterThan(1);
  }

  /** One's memory is out of date, the other's is not. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void keepTheirPromisesThoughTheyRemember(Pair pair) throws Exception {
    int schedules = Interleavings.all(2, 2, () -> new TwoHouses(pair, true));
    assertThat(schedules).isGreaterThan(1);
  }

  /** Each is submitted with what it needs, which may be there already, or is made. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void whoeverClosesACircleEndsIt(int size) throws Exception {
    int schedules = Interleavings.all(size, size == 2 ? 4 : 1, () -> new Circle(size));
    assertThat(schedules).isGreaterThan(1);
  }

  /** Submissions, one at each server, that need each other's task. */
  private static final class Circle implements Interleavings.Scene {
    private final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
    private final Document document = new InMemoryServer(shared).document("film");
    private final int size;

    private Circle(int size) {
      this.size = size;
    }

    @Override
    public List<Runnable> actors(List<Interleavings.Turns> seams) {
      List<Runnable> actors = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        InMemoryServer server = new InMemoryServer(shared, seams.get(i));
        String key = "T" + i;
        String needed = "T" + (i + 1) % size;
        actors.add(() -> submit(server, key, needed));
      }
      return actors;
    }

    private void submit(InMemoryServer server, String key, String needed) {
      try {
        server.create(document, key, needed);
      } catch (CompletionException another) {
        // Somebody needed it and made it: with nothing that it needs.
        assertThat(another.getCause()).isInstanceOf(TaskExists.class);
      }
    }

    @Override
    public void check() {
      Recovery.of(shared);
      List<Task> tasks = shared.tasks.all().stream().map(Versioned::value).toList();
      assertThat(tasks).hasSize(size);
      if (tasks.stream().noneMatch(task -> task.dependsOn().isEmpty())) {
        assertThat(tasks).extracting(Task::state).containsOnly(TaskState.FAILED_DEPENDENCY);
        assertThat(tasks).anyMatch(task -> task.message().contains("it waits for itself"));
      }
    }
  }

  /** Two servers over the same stores. */
  private static final class TwoHouses implements Interleavings.Scene {
    private final Pair pair;
    private final Cast actors;

    private final boolean remember;

    private TwoHouses(Pair pair, boolean remember) {
      this.pair = pair;
      this.remember = remember;
      this.actors = new Cast(pair.setting());
    }

    @Override
    public List<Runnable> actors(List<Interleavings.Turns> seams) {
      InMemoryServer one = new InMemoryServer(actors.shared, seams.get(0));
      InMemoryServer other = new InMemoryServer(actors.shared, seams.get(1));
      if (remember) {
        one.execute(actors.id, new Command.AddDependent(new TaskId("x")));
        other.execute(actors.id, new Command.AddDependent(new TaskId("y")));
        actors.run();
      }
      return List.of(() -> pair.one().by(actors, one), () -> pair.other().by(actors, other));
    }

    @Override
    public void check() {
      long granted =
          actors.answers.stream()
              .filter(d -> d instanceof Decision.Moved && d.task().lease() != null)
              .filter(d -> d.task().startedAt() != null)
              .map(d -> d.task().lease().claimId())
              .distinct()
              .count();
      assertThat(granted).isLessThanOrEqualTo(1);
      Recovery.of(actors.shared);
    }
  }
}
