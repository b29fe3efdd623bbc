package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.document.Document;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Dependencies at scale (a thousand tasks) and in unusual shapes: long chains, cycles. */
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

  private Effect.NeededTask needed(Task task) {
    return new Effect.NeededTask(task.id(), task.key(), null);
  }

  private List<Task> thousandDependentsOf(Task needed, OnDependencyFailure rule) {
    return IntStream.range(0, 1000).mapToObj(i -> task("T" + i, rule, List.of(needed))).toList();
  }

  private void finish(TaskId id, TaskState state) {
    Task task = server.task(id);
    int attempt = task.run().attempt();
    server.shared.queue.removeIf(sent -> sent.id().equals(id));
    server.execute(
        id,
        Command.Claim.byWorker(
            new Reporter(new RunRef(attempt, task.run().token()), "c", "w"), null));
    server.execute(
        id,
        state == TaskState.SUCCESS
            ? new Command.Complete(
                new Reporter(new RunRef(attempt, task.run().token()), "c", "w"),
                RunEnd.of(""),
                List.of(),
                null)
            : Command.Fail.of(
                new Reporter(new RunRef(attempt, task.run().token()), "c", "w"),
                state,
                RunEnd.of("why"),
                List.of()));
  }

  private List<TaskState> states(List<Task> tasks) {
    return tasks.stream().map(task -> server.task(task.id()).state()).distinct().toList();
  }

  @Test
  void successOfRetriedTaskWakesTaskThatWaitsForAny() {
    Task failed = task("DOWNLOAD");
    finish(failed.id(), TaskState.NOT_FOUND);
    Task any = task("ASR");
    finish(any.id(), TaskState.UNFINISHED_DEPENDENCY);
    assertThat(server.task(any.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    server.execute(failed.id(), new Command.Retry("ann"));
    finish(failed.id(), TaskState.SUCCESS);

    assertThat(server.task(any.id()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void wakesThousandDependents() {
    Task one = task("ONE");
    List<Task> thousand = thousandDependentsOf(one, OnDependencyFailure.FAIL);

    finish(one.id(), TaskState.SUCCESS);

    assertThat(states(thousand)).containsExactly(TaskState.QUEUED);
    Recovery.verify(server.shared);
  }

  @Test
  void failsThousandDependentsAndRevivesThemOnRetry() {
    Task one = task("ONE");
    List<Task> thousand = thousandDependentsOf(one, OnDependencyFailure.FAIL);

    finish(one.id(), TaskState.ERROR);
    assertThat(states(thousand)).containsExactly(TaskState.FAILED_DEPENDENCY);
    server.execute(one.id(), new Command.Retry("ann"));
    finish(one.id(), TaskState.SUCCESS);

    assertThat(states(thousand)).containsExactly(TaskState.QUEUED);
    Recovery.verify(server.shared);
    assertThat(states(thousand)).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void failsThousandDependentsOfDeletedTask() {
    Task one = task("ONE");
    List<Task> thousand = thousandDependentsOf(one, OnDependencyFailure.FAIL);

    server.execute(one.id(), new Command.Delete("ann"));

    assertThat(states(thousand)).containsExactly(TaskState.FAILED_DEPENDENCY);
    assertThat(server.shared.tasks.find(one.id()).toCompletableFuture().join()).isEmpty();
    Recovery.verify(server.shared);
  }

  @Test
  void wakesTaskWhenLastOfThousandDependenciesSucceeds() {
    List<Task> thousand = IntStream.range(0, 1000).mapToObj(i -> task("T" + i)).toList();
    Task one = task("ONE", OnDependencyFailure.FAIL, thousand);

    thousand.subList(1, 1000).forEach(task -> finish(task.id(), TaskState.SUCCESS));
    assertThat(server.task(one.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    finish(thousand.get(0).id(), TaskState.SUCCESS);

    assertThat(server.task(one.id()).state()).isEqualTo(TaskState.QUEUED);
    Recovery.verify(server.shared);
  }

  @Test
  void runsChainOfHundredInOrder() {
    List<Task> chain = chain();

    Recovery.verify(server.shared);

    assertThat(states(chain)).containsExactly(TaskState.SUCCESS);
    for (int i = 1; i < chain.size(); i++) {
      assertThat(server.task(chain.get(i).id()).run().startedAt())
          .isAfterOrEqualTo(server.task(chain.get(i - 1).id()).run().finishedAt());
    }
  }

  @Test
  void failsAndRevivesWholeChainOfHundred() {
    List<Task> chain = chain();

    finish(chain.get(0).id(), TaskState.ERROR);
    assertThat(states(chain.subList(1, 100))).containsExactly(TaskState.FAILED_DEPENDENCY);
    server.execute(chain.get(0).id(), new Command.Retry("ann"));
    Recovery.verify(server.shared);

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
  void appliesOnDependencyFailureRule() {
    Task one = task("ONE");
    Task fails = task("FAILS", OnDependencyFailure.FAIL, List.of(one));
    Task runs = task("RUNS", OnDependencyFailure.RUN, List.of(one));
    Task waits = task("WAITS", OnDependencyFailure.WAIT, List.of(one));

    finish(one.id(), TaskState.ERROR);

    assertThat(server.task(fails.id()).state()).isEqualTo(TaskState.FAILED_DEPENDENCY);
    assertThat(server.task(runs.id()).state()).isEqualTo(TaskState.QUEUED);
    assertThat(server.task(waits.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    Recovery.verify(server.shared);
    server.execute(one.id(), new Command.Retry("ann"));
    Recovery.verify(server.shared);
    assertThat(states(List.of(one, fails, runs, waits))).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void wakesTaskThatWaitsForAnyBeyondListLimit() {
    Task one = task("ONE");
    Task any = task("ANY");
    finish(any.id(), TaskState.UNFINISHED_DEPENDENCY);
    assertThat(server.task(any.id()).waitAny()).isTrue();
    thousandDependentsOf(one, OnDependencyFailure.FAIL);
    assertThat(server.task(one.id()).moreDependents()).isTrue();

    finish(one.id(), TaskState.SUCCESS);

    assertThat(server.task(any.id()).state()).isEqualTo(TaskState.QUEUED);
  }

  /** Neither gets stuck: each is tried again after its backoff. */
  @Test
  void twoTasksThatWaitForAnyDoNotDeadlock() {
    Task one = task("ONE");
    Task other = task("OTHER");
    finish(one.id(), TaskState.UNFINISHED_DEPENDENCY);
    finish(other.id(), TaskState.UNFINISHED_DEPENDENCY);
    assertThat(states(List.of(one, other))).containsExactly(TaskState.UNFINISHED_DEPENDENCY);

    Recovery.verify(server.shared);

    assertThat(states(List.of(one, other))).containsExactly(TaskState.SUCCESS);
  }

  @Test
  void failsCycleThatWorkersCreateWithReason() {
    Task one = task("ONE");
    Task other = task("OTHER");
    for (Task task : List.of(one, other)) {
      server.shared.queue.clear();
      server.shared.brokerOutcome = PublishOutcome.NOT_NOW;
      server.execute(
          task.id(),
          Command.Claim.byWorker(new Reporter(new RunRef(1, task.run().token()), "c", "w"), null));
      List<Effect.NeededTask> needed = List.of(needed(task.equals(one) ? other : one));
      server.execute(
          task.id(),
          Command.Fail.of(
              new Reporter(new RunRef(1, task.run().token()), "c", "w"),
              TaskState.UNFINISHED_DEPENDENCY,
              RunEnd.of("needs it"),
              needed));
    }

    assertThat(states(List.of(one, other))).containsExactly(TaskState.FAILED_DEPENDENCY);
    assertThat(server.task(other.id()).message()).contains("dependency cycle", one.id().value());
    server.shared.brokerOutcome = PublishOutcome.CONFIRMED;
    Recovery.verify(server.shared);
  }

  @Test
  void failsTaskThatDependsOnItself() {
    TaskId id = TaskId.of(document.id(), TaskKey.fromString("SELF"));
    Task self =
        server
            .submit(
                document,
                "SELF",
                List.of(new Effect.NeededTask(id, TaskKey.fromString("SELF"), null)),
                OnDependencyFailure.FAIL)
            .toCompletableFuture()
            .join();

    assertThat(states(List.of(self))).containsExactly(TaskState.FAILED_DEPENDENCY);
  }
}
