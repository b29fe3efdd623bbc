package dev.docket.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.simulation.CrashPoint;
import dev.docket.simulation.InMemoryServer;
import dev.docket.store.Versioned;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What no outbox knows of, since records were changed by other hands, is found all the same. */
final class WaitingSweepTest {

  private final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
  private final InMemoryServer server = new InMemoryServer(shared);
  private final Document document = server.document("film");
  private final Task needed = server.create(document, "NEEDED");
  private final Task waiting = server.create(document, "WAITING", "NEEDED");

  private TaskState state(TaskId id) {
    return server.now(id).state();
  }

  private void run() {
    server.pass(Duration.ofMinutes(2));
    server.waiting.run();
  }

  private void vanishes(Task task) {
    Versioned<Task> seen = shared.tasks.find(task.id()).toCompletableFuture().join().orElseThrow();
    shared.tasks.remove(task.id(), seen.version()).toCompletableFuture().join();
  }

  private void succeeds(Task task) {
    server.execute(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    server.execute(task.id(), new Command.Complete(1, task.run(), "c", "w", "", List.of()));
  }

  @Test
  void nothingIsWrittenWhereAllIsWell() {
    int before = shared.recorder.writes;

    run();
    run();

    assertThat(shared.recorder.writes).isEqualTo(before);
  }

  @Test
  void aDependencyThatIsGoneIsMissed() {
    vanishes(needed);

    run();

    assertThat(state(waiting.id())).isEqualTo(TaskState.FAILED_DEPENDENCY);
  }

  @Test
  void aDependencyThatHasEndedUnheardIsHeardOf() {
    vanishes(needed);
    succeeds(server.create(document, "NEEDED"));
    assertThat(state(waiting.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    run();

    assertThat(state(waiting.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void aDependencyThatDoesNotKnowWhoWaitsIsTold() {
    vanishes(needed);
    Task again = server.create(document, "NEEDED");

    run();
    assertThat(server.now(again.id()).dependents()).containsExactly(waiting.id());
    succeeds(again);

    assertThat(state(waiting.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void whoWaitsInSpiteOfAFailureWaitsForOneThatIsMadeAnew() {
    Task patient =
        server
            .submit(
                document,
                "PATIENT",
                List.of(new Effect.Needed(needed.id(), needed.key(), null)),
                OnDependencyFailure.WAIT)
            .toCompletableFuture()
            .join();
    server.execute(needed.id(), new Command.Delete("ann"));
    assertThat(state(patient.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    Task again = server.create(document, "NEEDED");

    run();
    succeeds(again);

    assertThat(state(patient.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void whatHasJustMovedIsLeftAlone() {
    vanishes(needed);

    server.pass(Duration.ofSeconds(30));
    server.waiting.run();

    assertThat(state(waiting.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
  }

  @Test
  void aCircleThatNobodySawIsOpened() {
    Task one = unregistered("ONE", "OTHER");
    Task other = unregistered("OTHER", "ONE");
    Task third = unregistered("THIRD", "ONE");

    run();

    assertThat(List.of(state(one.id()), state(other.id()), state(third.id())))
        .containsOnly(TaskState.FAILED_DEPENDENCY);
    assertThat(List.of(server.now(one.id()).message(), server.now(other.id()).message()))
        .anyMatch(message -> message.contains("it waits for itself"));
  }

  /** As if whoever made it had never entered it with what it needs. */
  private Task unregistered(String key, String other) {
    TaskKey name = TaskKey.fromString(other);
    CrashPoint crashPoint = new CrashPoint(CrashPoint.AckDecision.DIES_AFTER, 1);
    InMemoryServer dies = new InMemoryServer(shared, crashPoint);
    var unused =
        dies.submit(
            document,
            key,
            List.of(new Effect.Needed(TaskId.of(document.id(), name), name, null)),
            OnDependencyFailure.FAIL);
    TaskId id = TaskId.of(document.id(), TaskKey.fromString(key));
    server.execute(
        id,
        new Command.EffectsDone(
            server.now(id).outbox().stream().map(PendingEffect::id).collect(Collectors.toSet())));
    return server.now(id);
  }

  @Test
  void aLookHasAnEndAndTheNextGoesOnFromThere() {
    for (int i = 0; i < 10_000; i++) {
      server.create(
          document, "T" + i, List.of(new Effect.Needed(needed.id(), needed.key(), null)), null);
    }
    vanishes(needed);

    run();
    long first = failed();
    run();

    assertThat(first).isEqualTo(10_000);
    assertThat(failed()).isEqualTo(10_001);
  }

  private long failed() {
    return shared.tasks.all().stream()
        .filter(task -> task.value().state() == TaskState.FAILED_DEPENDENCY)
        .count();
  }

  @Test
  void onlyWhatWaitsForACircleIsSuspect() {
    DependencyGraph graph = new DependencyGraph();
    IntStream.range(0, 50).forEach(i -> graph.add(id("chain" + i), id("chain" + (i + 1))));
    graph.add(id("a"), id("b"));
    graph.add(id("b"), id("c"));
    graph.add(id("c"), id("a"));
    graph.add(id("d"), id("a"));
    graph.add(id("a"), id("chain0"));

    assertThat(graph.takeSuspects()).containsExactly(id("a"), id("b"), id("c"), id("d"));
    assertThat(graph.takeSuspects()).isEmpty();
  }

  private static TaskId id(String name) {
    return new TaskId(name);
  }
}
