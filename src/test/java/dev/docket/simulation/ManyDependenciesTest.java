package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.TaskPublisher.Sent;
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

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Document document = server.document("film");

  private Task task(String key, OnDependencyFailure rule, List<Task> needed) {
    return server
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
    Task task = server.now(id);
    int attempt = task.attempt();
    server.shared.queue.removeIf(sent -> sent.id().equals(id));
    server.execute(id, new Command.Claim(attempt, task.run(), "c", "w", false));
    server.execute(
        id,
        how == TaskState.SUCCESS
            ? new Command.Complete(attempt, task.run(), "c", "w", "", List.of())
            : new Command.Fail(attempt, task.run(), "c", "w", how, "why", List.of()));
  }

  private List<TaskState> states(List<Task> tasks) {
    return tasks.stream().map(task -> server.now(task.id()).state()).distinct().toList();
  }

  @Test
  void aThousandThatWaitForOneAreAllWoken() {
    Task one = task("ONE");
    List<Task> thousand = thousandThatNeed(one, OnDependencyFailure.FAIL);

    ends(one.id(), TaskState.SUCCESS);

    assertThat(states(thousand)).containsExactly(TaskState.QUEUED);
    Recovery.of(server.shared);
  }

  @Test
  void aThousandThatWaitForOneFailWithItAndComeBackWithIt() {
    Task one = task("ONE");
    List<Task> thousand = thousandThatNeed(one, OnDependencyFailure.FAIL);

    ends(one.id(), TaskState.ERROR);
    assertThat(states(thousand)).containsExactly(TaskState.FAILED_DEPENDENCY);
    server.execute(one.id(), new Command.Retry("ann"));
    ends(one.id(), TaskState.SUCCESS);

    assertThat(states(thousand)).containsExactly(TaskState.QUEUED);
    Recovery.of(server.shared);
    assertThat(states(thousand)).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void aThousandWhoseDependencyIsDeletedAreTold() {
    Task one = task("ONE");
    List<Task> thousand = thousandThatNeed(one, OnDependencyFailure.FAIL);

    server.execute(one.id(), new Command.Delete("ann"));

    assertThat(states(thousand)).containsExactly(TaskState.FAILED_DEPENDENCY);
    assertThat(server.shared.tasks.find(one.id()).toCompletableFuture().join()).isEmpty();
    Recovery.of(server.shared);
  }

  @Test
  void oneThatWaitsForAThousandIsWokenByTheLast() {
    List<Task> thousand = IntStream.range(0, 1000).mapToObj(i -> task("T" + i)).toList();
    Task one = task("ONE", OnDependencyFailure.FAIL, thousand);

    thousand.subList(1, 1000).forEach(task -> ends(task.id(), TaskState.SUCCESS));
    assertThat(server.now(one.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    ends(thousand.get(0).id(), TaskState.SUCCESS);

    assertThat(server.now(one.id()).state()).isEqualTo(TaskState.QUEUED);
    Recovery.of(server.shared);
  }

  @Test
  void aChainOfAHundredRunsFromItsBeginning() {
    List<Task> chain = chain();

    Recovery.of(server.shared);

    assertThat(states(chain)).containsExactly(TaskState.SUCCESS);
    for (int i = 1; i < chain.size(); i++) {
      assertThat(server.now(chain.get(i).id()).startedAt())
          .isAfterOrEqualTo(server.now(chain.get(i - 1).id()).finishedAt());
    }
  }

  @Test
  void aChainOfAHundredFailsAndComesBackAsAWhole() {
    List<Task> chain = chain();

    ends(chain.get(0).id(), TaskState.ERROR);
    assertThat(states(chain.subList(1, 100))).containsExactly(TaskState.FAILED_DEPENDENCY);
    server.execute(chain.get(0).id(), new Command.Retry("ann"));
    Recovery.of(server.shared);

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

    assertThat(server.now(fails.id()).state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(server.now(runs.id()).state()).isEqualTo(TaskState.QUEUED);
    assertThat(server.now(waits.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    Recovery.of(server.shared);
    server.execute(one.id(), new Command.Retry("ann"));
    Recovery.of(server.shared);
    assertThat(states(List.of(one, fails, runs, waits))).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void whoeverNeedsAnythingIsWokenByOneThatMoreWaitForThanAreListed() {
    Task one = task("ONE");
    Task any = task("ANY");
    ends(any.id(), TaskState.UNFINISHED_DEPENDENCY);
    assertThat(server.now(any.id()).waitAny()).isTrue();
    thousandThatNeed(one, OnDependencyFailure.FAIL);
    assertThat(server.now(one.id()).moreDependents()).isTrue();

    ends(one.id(), TaskState.SUCCESS);

    assertThat(server.now(any.id()).state()).isEqualTo(TaskState.QUEUED);
  }

  /** Neither is stuck: each looks again when its pause is over. */
  @Test
  void twoThatNeedAnythingDoNotWaitForEachOtherForEver() {
    Task one = task("ONE");
    Task other = task("OTHER");
    ends(one.id(), TaskState.UNFINISHED_DEPENDENCY);
    ends(other.id(), TaskState.UNFINISHED_DEPENDENCY);
    assertThat(states(List.of(one, other))).containsExactly(TaskState.UNFINISHED_DEPENDENCY);

    Recovery.of(server.shared);

    assertThat(states(List.of(one, other))).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void twoWhoseWorkersNameEachOtherEndWithTheReason() {
    Task one = task("ONE");
    Task other = task("OTHER");
    for (Task task : List.of(one, other)) {
      server.shared.queue.clear();
      server.shared.broker = Sent.NOT_NOW;
      server.execute(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
      List<Effect.Needed> needed = List.of(needed(task.equals(one) ? other : one));
      server.execute(
          task.id(),
          new Command.Fail(
              1, task.run(), "c", "w", TaskState.UNFINISHED_DEPENDENCY, "needs it", needed));
    }

    assertThat(states(List.of(one, other))).containsExactly(TaskState.FAILED_DEPENDENCY);
    assertThat(server.now(other.id()).message()).contains("it waits for itself", one.id().value());
    server.shared.broker = Sent.CONFIRMED;
    Recovery.of(server.shared);
  }

  @Test
  void aTaskThatIsItsOwnDependencyEnds() {
    TaskId id = TaskId.of(document.id(), TaskKey.fromString("SELF"));
    Task self =
        server
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
