package dev.docket.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.simulation.CrashPoint;
import dev.docket.simulation.InMemoryServer;
import dev.docket.store.Versioned;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sweep repairs inconsistencies that no outbox covers, such as lost or restored records. */
final class WaitingSweepTest {

  private final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
  private final InMemoryServer server = new InMemoryServer(shared);
  private final Document document = server.document("film");
  private final Task needed = server.create(document, "NEEDED");
  private final Task waiting = server.create(document, "WAITING", "NEEDED");

  private TaskState state(TaskId id) {
    return server.task(id).state();
  }

  private void run() {
    server.advanceClock(Duration.ofMinutes(2));
    server.waiting.run();
  }

  private void removeRecord(Task task) {
    Versioned<Task> found = shared.tasks.find(task.id()).toCompletableFuture().join().orElseThrow();
    shared.tasks.remove(task.id(), found.version()).toCompletableFuture().join();
  }

  private void succeed(Task task) {
    server.execute(
        task.id(),
        Command.Claim.byWorker(new Reporter(new RunRef(1, task.run().token()), "c", "w"), null));
    server.execute(
        task.id(),
        new Command.Complete(
            new Reporter(new RunRef(1, task.run().token()), "c", "w"),
            RunEnd.of(""),
            List.of(),
            null));
  }

  @Test
  void writesNothingIfRecordsAreConsistent() {
    int before = shared.recorder.writes;

    run();
    run();

    assertThat(shared.recorder.writes).isEqualTo(before);
  }

  @Test
  void detectsMissingDependency() {
    removeRecord(needed);

    run();

    assertThat(state(waiting.id())).isEqualTo(TaskState.FAILED_DEPENDENCY);
  }

  @Test
  void detectsDependencyThatEndedWithoutNotification() {
    removeRecord(needed);
    succeed(server.create(document, "NEEDED"));
    assertThat(state(waiting.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    run();

    assertThat(state(waiting.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void registersTaskWithDependencyThatLostIt() {
    removeRecord(needed);
    Task recreated = server.create(document, "NEEDED");

    run();
    assertThat(server.task(recreated.id()).dependents()).containsExactly(waiting.id());
    succeed(recreated);

    assertThat(state(waiting.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void taskThatWaitsDespiteFailureWaitsForRecreatedDependency() {
    Task dependent =
        server
            .submit(
                document,
                "DEPENDENT",
                List.of(new Effect.NeededTask(needed.id(), needed.key(), null)),
                OnDependencyFailure.WAIT)
            .toCompletableFuture()
            .join();
    server.execute(needed.id(), new Command.Delete("ann"));
    assertThat(state(dependent.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    Task recreated = server.create(document, "NEEDED");

    run();
    succeed(recreated);

    assertThat(state(dependent.id())).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void skipsRecentlyChangedTasks() {
    removeRecord(needed);

    server.advanceClock(Duration.ofSeconds(30));
    server.waiting.run();

    assertThat(state(waiting.id())).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
  }

  @Test
  void breaksUndetectedCycle() {
    Task one = unregistered("ONE", "OTHER");
    Task other = unregistered("OTHER", "ONE");
    Task third = unregistered("THIRD", "ONE");

    run();

    assertThat(List.of(state(one.id()), state(other.id()), state(third.id())))
        .containsOnly(TaskState.FAILED_DEPENDENCY);
    assertThat(List.of(server.task(one.id()).message(), server.task(other.id()).message()))
        .anyMatch(message -> message.contains("dependency cycle"));
  }

  /** Creates a task that was never registered with its dependency, as after a crash. */
  private Task unregistered(String key, String dependency) {
    TaskKey dependencyKey = TaskKey.fromString(dependency);
    CrashPoint crashPoint = new CrashPoint(CrashPoint.FailureMode.CRASH_AFTER, 1);
    InMemoryServer crashing = new InMemoryServer(shared, crashPoint);
    var unused =
        crashing.submit(
            document,
            key,
            List.of(
                new Effect.NeededTask(
                    TaskId.of(document.id(), dependencyKey), dependencyKey, null)),
            OnDependencyFailure.FAIL);
    TaskId id = TaskId.of(document.id(), TaskKey.fromString(key));
    server.execute(
        id,
        new Command.EffectsDone(
            server.task(id).outbox().stream().map(PendingEffect::id).collect(Collectors.toSet())));
    return server.task(id);
  }

  @Test
  void runIsBoundedAndNextRunContinues() {
    for (int i = 0; i < 10_000; i++) {
      server.create(
          document, "T" + i, List.of(new Effect.NeededTask(needed.id(), needed.key(), null)), null);
    }
    removeRecord(needed);

    run();
    long failedInFirstRun = failed();
    run();

    assertThat(failedInFirstRun).isEqualTo(10_000);
    assertThat(failed()).isEqualTo(10_001);
  }

  private long failed() {
    return shared.tasks.all().stream()
        .filter(task -> task.value().state() == TaskState.FAILED_DEPENDENCY)
        .count();
  }

  @Test
  void suspectsOnlyTasksInOrBeforeCycle() {
    DependencyGraph graph = new DependencyGraph();
    IntStream.range(0, 50).forEach(i -> graph.add(id("chain" + i), id("chain" + (i + 1))));
    graph.add(id("a"), id("b"));
    graph.add(id("b"), id("c"));
    graph.add(id("c"), id("a"));
    graph.add(id("d"), id("a"));
    graph.add(id("a"), id("chain0"));

    assertThat(graph.drainSuspects()).containsExactly(id("a"), id("b"), id("c"), id("d"));
    assertThat(graph.drainSuspects()).isEmpty();
  }

  private static TaskId id(String name) {
    return new TaskId(name);
  }
}
