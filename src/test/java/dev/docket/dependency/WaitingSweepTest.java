package dev.docket.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.simulation.House;
import dev.docket.simulation.Mortal;
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

  private final House.Ground ground = new House.Ground();
  private final House house = new House(ground);
  private final Document document = house.document("film");
  private final Task needed = house.create(document, "NEEDED");
  private final Task waiting = house.create(document, "WAITING", "NEEDED");

  private TaskState state(TaskId id) {
    return house.now(id).state();
  }

  private void look() {
    house.pass(Duration.ofMinutes(2));
    house.waiting.look();
  }

  private void vanishes(Task task) {
    Versioned<Task> seen = ground.tasks.find(task.id()).toCompletableFuture().join().orElseThrow();
    ground.tasks.remove(task.id(), seen.version()).toCompletableFuture().join();
  }

  private void succeeds(Task task) {
    house.tell(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    house.tell(task.id(), new Command.Complete(1, task.run(), "c", "w", "", List.of()));
  }

  @Test
  void nothingIsWrittenWhereAllIsWell() {
    int before = ground.witness.writes;

    look();
    look();

    assertThat(ground.witness.writes).isEqualTo(before);
  }

  @Test
  void aDependencyThatIsGoneIsMissed() {
    vanishes(needed);

    look();

    assertThat(state(waiting.id())).isEqualTo(TaskState.FAILED_DEPENDENCY);
  }

  @Test
  void aDependencyThatHasEndedUnheardIsHeardOf() {
    vanishes(needed);
    succeeds(house.create(document, "NEEDED"));
    assertThat(state(waiting.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    look();

    assertThat(state(waiting.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void aDependencyThatDoesNotKnowWhoWaitsIsTold() {
    vanishes(needed);
    Task again = house.create(document, "NEEDED");

    look();
    assertThat(house.now(again.id()).dependents()).containsExactly(waiting.id());
    succeeds(again);

    assertThat(state(waiting.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void whoWaitsInSpiteOfAFailureWaitsForOneThatIsMadeAnew() {
    Task patient =
        house
            .submit(
                document,
                "PATIENT",
                List.of(new Effect.Needed(needed.id(), needed.key(), null)),
                OnDependencyFailure.WAIT)
            .toCompletableFuture()
            .join();
    house.tell(needed.id(), new Command.Delete("ann"));
    assertThat(state(patient.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    Task again = house.create(document, "NEEDED");

    look();
    succeeds(again);

    assertThat(state(patient.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void whatHasJustMovedIsLeftAlone() {
    vanishes(needed);

    house.pass(Duration.ofSeconds(30));
    house.waiting.look();

    assertThat(state(waiting.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
  }

  @Test
  void aCircleThatNobodySawIsOpened() {
    Task one = unregistered("ONE", "OTHER");
    Task other = unregistered("OTHER", "ONE");
    Task third = unregistered("THIRD", "ONE");

    look();

    assertThat(List.of(state(one.id()), state(other.id()), state(third.id())))
        .containsOnly(TaskState.FAILED_DEPENDENCY);
    assertThat(List.of(house.now(one.id()).message(), house.now(other.id()).message()))
        .anyMatch(message -> message.contains("it waits for itself"));
  }

  /** As if whoever made it had never entered it with what it needs. */
  private Task unregistered(String key, String other) {
    TaskKey name = TaskKey.fromString(other);
    Mortal mortal = new Mortal(Mortal.Fate.DIES_AFTER, 1);
    House dies = new House(ground, mortal);
    var unused =
        dies.submit(
            document,
            key,
            List.of(new Effect.Needed(TaskId.of(document.id(), name), name, null)),
            OnDependencyFailure.FAIL);
    TaskId id = TaskId.of(document.id(), TaskKey.fromString(key));
    house.tell(
        id,
        new Command.EffectsDone(
            house.now(id).outbox().stream().map(PendingEffect::id).collect(Collectors.toSet())));
    return house.now(id);
  }

  @Test
  void aLookHasAnEndAndTheNextGoesOnFromThere() {
    for (int i = 0; i < 10_000; i++) {
      house.create(
          document, "T" + i, List.of(new Effect.Needed(needed.id(), needed.key(), null)), null);
    }
    vanishes(needed);

    look();
    long first = failed();
    look();

    assertThat(first).isEqualTo(10_000);
    assertThat(failed()).isEqualTo(10_001);
  }

  private long failed() {
    return ground.tasks.all().stream()
        .filter(task -> task.value().state() == TaskState.FAILED_DEPENDENCY)
        .count();
  }

  @Test
  void onlyWhatWaitsForACircleIsSuspect() {
    WaitGraph graph = new WaitGraph();
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
