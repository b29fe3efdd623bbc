package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.TaskCourier.Sent;
import dev.docket.document.Document;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks that need each other, by the thousand and in odd shapes. */
final class ManyDependenciesTest {

  private final House house = new House(new House.Ground());
  private final Document document = house.document("film");

  private Task task(String key, OnDependencyFailure rule, List<Task> needed) {
    return house
        .submit(document, key, needed.stream().map(this::needed).toList(), rule)
        .toCompletableFuture()
        .join();
  }

  private Task task(String key, Task... needed) {
    return task(key, OnDependencyFailure.FAIL, List.of(needed));
  }

  private Effect.Needed needed(Task task) {
    return new Effect.Needed(task.id(), task.key(), null);
  }

  private List<Task> thousandThatNeed(Task needed, OnDependencyFailure rule) {
    return IntStream.range(0, 1000).mapToObj(i -> task("T" + i, rule, List.of(needed))).toList();
  }

  private void ends(TaskId id, TaskState how) {
    Task task = house.now(id);
    int attempt = task.attempt();
    house.ground.queue.removeIf(sent -> sent.id().equals(id));
    house.tell(id, new Command.Claim(attempt, task.run(), "c", "w", false));
    house.tell(
        id,
        how == TaskState.SUCCESS
            ? new Command.Complete(attempt, task.run(), "c", "w", "", List.of())
            : new Command.Fail(attempt, task.run(), "c", "w", how, "why", List.of()));
  }

  private List<TaskState> states(List<Task> tasks) {
    return tasks.stream().map(task -> house.now(task.id()).state()).distinct().toList();
  }

  @Test
  void aThousandThatWaitForOneAreAllWoken() {
    Task one = task("ONE");
    List<Task> thousand = thousandThatNeed(one, OnDependencyFailure.FAIL);

    ends(one.id(), TaskState.SUCCESS);

    assertThat(states(thousand)).containsExactly(TaskState.QUEUED);
    Aftermath.of(house.ground);
  }

  @Test
  void aThousandThatWaitForOneFailWithItAndComeBackWithIt() {
    Task one = task("ONE");
    List<Task> thousand = thousandThatNeed(one, OnDependencyFailure.FAIL);

    ends(one.id(), TaskState.ERROR);
    assertThat(states(thousand)).containsExactly(TaskState.FAILED_DEPENDENCY);
    house.tell(one.id(), new Command.Retry("ann"));
    ends(one.id(), TaskState.SUCCESS);

    assertThat(states(thousand)).containsExactly(TaskState.QUEUED);
    Aftermath.of(house.ground);
    assertThat(states(thousand)).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void aThousandWhoseDependencyIsDeletedAreTold() {
    Task one = task("ONE");
    List<Task> thousand = thousandThatNeed(one, OnDependencyFailure.FAIL);

    house.tell(one.id(), new Command.Delete("ann"));

    assertThat(states(thousand)).containsExactly(TaskState.FAILED_DEPENDENCY);
    assertThat(house.ground.tasks.find(one.id()).toCompletableFuture().join()).isEmpty();
    Aftermath.of(house.ground);
  }

  @Test
  void oneThatWaitsForAThousandIsWokenByTheLast() {
    List<Task> thousand = IntStream.range(0, 1000).mapToObj(i -> task("T" + i)).toList();
    Task one = task("ONE", OnDependencyFailure.FAIL, thousand);

    thousand.subList(1, 1000).forEach(task -> ends(task.id(), TaskState.SUCCESS));
    assertThat(house.now(one.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    ends(thousand.get(0).id(), TaskState.SUCCESS);

    assertThat(house.now(one.id()).state()).isEqualTo(TaskState.QUEUED);
    Aftermath.of(house.ground);
  }

  @Test
  void aChainOfAHundredRunsFromItsBeginning() {
    List<Task> chain = chain();

    Aftermath.of(house.ground);

    assertThat(states(chain)).containsExactly(TaskState.SUCCESS);
    for (int i = 1; i < chain.size(); i++) {
      assertThat(house.now(chain.get(i).id()).startedAt())
          .isAfterOrEqualTo(house.now(chain.get(i - 1).id()).finishedAt());
    }
  }

  @Test
  void aChainOfAHundredFailsAndComesBackAsAWhole() {
    List<Task> chain = chain();

    ends(chain.get(0).id(), TaskState.ERROR);
    assertThat(states(chain.subList(1, 100))).containsExactly(TaskState.FAILED_DEPENDENCY);
    house.tell(chain.get(0).id(), new Command.Retry("ann"));
    Aftermath.of(house.ground);

    assertThat(states(chain)).containsExactly(TaskState.SUCCESS);
  }

  private List<Task> chain() {
    List<Task> chain = new ArrayList<>(List.of(task("T0")));
    for (int i = 1; i < 100; i++) {
      chain.add(task("T" + i, chain.get(i - 1)));
    }
    return chain;
  }

  @Test
  void eachDoesWhatItWasToldToDoWhenWhatItNeedsFails() {
    Task one = task("ONE");
    Task fails = task("FAILS", OnDependencyFailure.FAIL, List.of(one));
    Task runs = task("RUNS", OnDependencyFailure.RUN, List.of(one));
    Task waits = task("WAITS", OnDependencyFailure.WAIT, List.of(one));

    ends(one.id(), TaskState.ERROR);

    assertThat(house.now(fails.id()).state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(house.now(runs.id()).state()).isEqualTo(TaskState.QUEUED);
    assertThat(house.now(waits.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    Aftermath.of(house.ground);
    house.tell(one.id(), new Command.Retry("ann"));
    Aftermath.of(house.ground);
    assertThat(states(List.of(one, fails, runs, waits))).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void whoeverNeedsAnythingIsWokenByOneThatMoreWaitForThanAreListed() {
    Task one = task("ONE");
    Task any = task("ANY");
    ends(any.id(), TaskState.UNFINISHED_DEPENDENCY);
    assertThat(house.now(any.id()).waitAny()).isTrue();
    thousandThatNeed(one, OnDependencyFailure.FAIL);
    assertThat(house.now(one.id()).moreDependents()).isTrue();

    ends(one.id(), TaskState.SUCCESS);

    assertThat(house.now(any.id()).state()).isEqualTo(TaskState.QUEUED);
  }

  /** Neither is stuck: each looks again when its pause is over. */
  @Test
  void twoThatNeedAnythingDoNotWaitForEachOtherForEver() {
    Task one = task("ONE");
    Task other = task("OTHER");
    ends(one.id(), TaskState.UNFINISHED_DEPENDENCY);
    ends(other.id(), TaskState.UNFINISHED_DEPENDENCY);
    assertThat(states(List.of(one, other))).containsExactly(TaskState.UNFINISHED_DEPENDENCY);

    Aftermath.of(house.ground);

    assertThat(states(List.of(one, other))).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void twoWhoseWorkersNameEachOtherEndWithTheReason() {
    Task one = task("ONE");
    Task other = task("OTHER");
    for (Task task : List.of(one, other)) {
      house.ground.queue.clear();
      house.ground.broker = Sent.NOT_NOW;
      house.tell(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
      List<Effect.Needed> needed = List.of(needed(task.equals(one) ? other : one));
      house.tell(
          task.id(),
          new Command.Fail(
              1, task.run(), "c", "w", TaskState.UNFINISHED_DEPENDENCY, "needs it", needed));
    }

    assertThat(states(List.of(one, other))).containsExactly(TaskState.FAILED_DEPENDENCY);
    assertThat(house.now(other.id()).message()).contains("it waits for itself", one.id().value());
    house.ground.broker = Sent.CONFIRMED;
    Aftermath.of(house.ground);
  }

  @Test
  void aTaskThatIsItsOwnDependencyEnds() {
    TaskId id = TaskId.of(document.id(), TaskKey.fromString("SELF"));
    Task self =
        house
            .submit(
                document,
                "SELF",
                List.of(new Effect.Needed(id, TaskKey.fromString("SELF"), null)),
                OnDependencyFailure.FAIL)
            .toCompletableFuture()
            .join();

    assertThat(states(List.of(self))).containsExactly(TaskState.FAILED_DEPENDENCY);
  }
}
