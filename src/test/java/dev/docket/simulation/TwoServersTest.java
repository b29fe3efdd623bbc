package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.TaskCourier.Sent;
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
    void by(Cast cast, House house);
  }

  /** Who is on the stage: the task, and what it was when the scene began. */
  static final class Cast {
    final House.Ground ground = new House.Ground();
    final Document document;
    TaskId id;
    Versioned<Task> seen;
    final List<Decision> answers = new ArrayList<>();

    Cast(BiConsumer<Cast, House> setting) {
      House house = new House(ground);
      document = house.document("film");
      setting.accept(this, house);
      look();
    }

    void look() {
      seen = ground.tasks.find(id).toCompletableFuture().join().orElseThrow();
    }

    void tell(House house, Command command) {
      try {
        CompletableFuture<Decision> told =
            command instanceof Command.Observed observed
                ? house.tasks.tell(seen, observed).toCompletableFuture()
                : house.tasks.tell(id, command).toCompletableFuture();
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

  record Pair(String name, BiConsumer<Cast, House> setting, Act one, Act other) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static void queued(Cast cast, House house) {
    cast.id = house.create(cast.document, "A").id();
  }

  /** Sent, but the broker's word is not written yet. */
  private static void sent(Cast cast, House house) {
    cast.ground.broker = Sent.NOT_NOW;
    cast.id = house.create(cast.document, "A").id();
    cast.ground.broker = Sent.CONFIRMED;
    cast.ground.queue.add(house.now(cast.id));
  }

  private static void running(Cast cast, House house) {
    queued(cast, house);
    Task sent = cast.ground.queue.remove(0);
    house.tell(cast.id, new Command.Claim(1, sent.run(), "c", "w", false));
  }

  private static void failed(Cast cast, House house) {
    running(cast, house);
    Task task = house.now(cast.id);
    house.tell(
        cast.id, new Command.Fail(1, task.run(), "c", "w", TaskState.ERROR, "why", List.of()));
  }

  private static Act claim(String claimId) {
    return (cast, house) ->
        cast.tell(house, new Command.Claim(1, cast.task().run(), claimId, claimId, false));
  }

  private static Act confirm() {
    return (cast, house) -> cast.tell(house, new Command.Confirm(1, cast.task().run()));
  }

  private static Act complete() {
    return (cast, house) ->
        cast.tell(
            house,
            new Command.Complete(1, cast.task().run(), "c", "w", "done", Aftermath.results("one")));
  }

  private static Act beat() {
    return (cast, house) -> cast.tell(house, new Command.Heartbeat(1, cast.task().run(), "c", "w"));
  }

  private static Act say(Command command) {
    return (cast, house) -> cast.tell(house, command);
  }

  private static Act overdue() {
    return (cast, house) -> house.overdue.look();
  }

  private static Act needsIt() {
    return (cast, house) ->
        house
            .submit(
                cast.document,
                "B",
                List.of(new Effect.Needed(cast.id, TaskKey.fromString("A"), null)),
                OnDependencyFailure.FAIL)
            .toCompletableFuture()
            .join();
  }

  private static Act massReset() {
    return (cast, house) -> house.massReset.reset(TaskKey.fromString("A"), TaskState.QUEUED, "ann");
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
  private static void leftUndone(Cast cast, House house) {
    cast.ground.broker = Sent.NOT_NOW;
    cast.id = house.create(cast.document, "A").id();
    cast.ground.broker = Sent.CONFIRMED;
    house.pass(Duration.ofMinutes(1));
  }

  /** The task needs OTHER, which runs. */
  private static void neededAndRunning(Cast cast, House house) {
    cast.id = house.create(cast.document, "A", "OTHER").id();
    Task other = cast.ground.queue.remove(0);
    house.tell(other.id(), new Command.Claim(1, other.run(), "c", "w", false));
  }

  /** The task needed OTHER, which failed, so it has failed too; OTHER runs again. */
  private static void neededAndFailed(Cast cast, House house) {
    neededAndRunning(cast, house);
    TaskId other = TaskId.of(cast.document.id(), TaskKey.fromString("OTHER"));
    Task task = house.now(other);
    house.tell(other, new Command.Fail(1, task.run(), "c", "w", TaskState.ERROR, "why", List.of()));
    house.tell(other, retry());
    Task again = cast.ground.queue.remove(0);
    house.tell(other, new Command.Claim(again.attempt(), again.run(), "c", "w", false));
  }

  /** OTHER succeeds, and those who need it are told. */
  private static Act redo() {
    return (cast, house) -> {
      TaskId other = TaskId.of(cast.document.id(), TaskKey.fromString("OTHER"));
      Task task = cast.ground.tasks.find(other).toCompletableFuture().join().orElseThrow().value();
      house.tell(
          other,
          new Command.Complete(
              task.attempt(), task.run(), "c", "w", "done", Aftermath.results("other")));
    };
  }

  private static Act retryOther() {
    return (cast, house) -> {
      TaskId other = TaskId.of(cast.document.id(), TaskKey.fromString("OTHER"));
      house.tell(other, force());
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void keepTheirPromisesInEveryOrder(Pair pair) throws Exception {
    int schedules = Schedules.all(2, 3, () -> new TwoHouses(pair, false));
    assertThat(schedules).isGreaterThan(1);
  }

  /** One's memory is out of date, the other's is not. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void keepTheirPromisesThoughTheyRemember(Pair pair) throws Exception {
    int schedules = Schedules.all(2, 2, () -> new TwoHouses(pair, true));
    assertThat(schedules).isGreaterThan(1);
  }

  /** Each is submitted with what it needs, which may be there already, or is made. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void whoeverClosesACircleEndsIt(int size) throws Exception {
    int schedules = Schedules.all(size, size == 2 ? 4 : 1, () -> new Circle(size));
    assertThat(schedules).isGreaterThan(1);
  }

  /** Submissions, one at each server, that need each other's task. */
  private static final class Circle implements Schedules.Scene {
    private final House.Ground ground = new House.Ground();
    private final Document document = new House(ground).document("film");
    private final int size;

    private Circle(int size) {
      this.size = size;
    }

    @Override
    public List<Runnable> actors(List<Schedules.Turns> seams) {
      List<Runnable> actors = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        House house = new House(ground, seams.get(i));
        String key = "T" + i;
        String needed = "T" + (i + 1) % size;
        actors.add(() -> submit(house, key, needed));
      }
      return actors;
    }

    private void submit(House house, String key, String needed) {
      try {
        house.create(document, key, needed);
      } catch (CompletionException another) {
        // Somebody needed it and made it: with nothing that it needs.
        assertThat(another.getCause()).isInstanceOf(TaskExists.class);
      }
    }

    @Override
    public void check() {
      Aftermath.of(ground);
      List<Task> tasks = ground.tasks.all().stream().map(Versioned::value).toList();
      assertThat(tasks).hasSize(size);
      if (tasks.stream().noneMatch(task -> task.dependsOn().isEmpty())) {
        assertThat(tasks).extracting(Task::state).containsOnly(TaskState.FAILED_DEPENDENCY);
        assertThat(tasks).anyMatch(task -> task.message().contains("it waits for itself"));
      }
    }
  }

  /** Two servers over the same stores. */
  private static final class TwoHouses implements Schedules.Scene {
    private final Pair pair;
    private final Cast cast;

    private final boolean remember;

    private TwoHouses(Pair pair, boolean remember) {
      this.pair = pair;
      this.remember = remember;
      this.cast = new Cast(pair.setting());
    }

    @Override
    public List<Runnable> actors(List<Schedules.Turns> seams) {
      House one = new House(cast.ground, seams.get(0));
      House other = new House(cast.ground, seams.get(1));
      if (remember) {
        one.tell(cast.id, new Command.AddDependent(new TaskId("x")));
        other.tell(cast.id, new Command.AddDependent(new TaskId("y")));
        cast.look();
      }
      return List.of(() -> pair.one().by(cast, one), () -> pair.other().by(cast, other));
    }

    @Override
    public void check() {
      long granted =
          cast.answers.stream()
              .filter(d -> d instanceof Decision.Moved && d.task().lease() != null)
              .filter(d -> d.task().startedAt() != null)
              .map(d -> d.task().lease().claimId())
              .distinct()
              .count();
      assertThat(granted).isLessThanOrEqualTo(1);
      Aftermath.of(cast.ground);
    }
  }
}
