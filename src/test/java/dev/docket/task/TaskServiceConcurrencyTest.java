package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.store.StoreUnavailable;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.TaskScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads, in one server and in several, execute commands on one task concurrently. */
class TaskServiceConcurrencyTest {

  private static final int THREADS = 8;
  private static final int COMMANDS_PER_THREAD = 1250;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final ExecutorService storeThreads = Executors.newFixedThreadPool(3);
  private final ScriptedTaskStore store = new ScriptedTaskStore(storeThreads);

  @AfterEach
  void stop() {
    threads.shutdownNow();
    storeThreads.shutdownNow();
  }

  /** Each thread starts all of its commands and then waits for their decisions. */
  private List<Decision> executeConcurrently(
      IntFunction<CompletableFuture<Decision>> executeCommand) throws Exception {
    List<Callable<List<Decision>>> work = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int first = t * COMMANDS_PER_THREAD;
      work.add(
          () -> {
            List<CompletableFuture<Decision>> decisions = new ArrayList<>();
            for (int i = first; i < first + COMMANDS_PER_THREAD; i++) {
              decisions.add(executeCommand.apply(i));
            }
            List<Decision> all = new ArrayList<>();
            for (CompletableFuture<Decision> decision : decisions) {
              all.add(decision.get(60, TimeUnit.SECONDS));
            }
            return all;
          });
    }
    List<Decision> all = new ArrayList<>();
    for (Future<List<Decision>> share : threads.invokeAll(work)) {
      all.addAll(share.get());
    }
    return all;
  }

  @Test
  void returnsEveryDecisionAndLosesNoChange() throws Exception {
    TaskServiceFixture fixture = new TaskServiceFixture(store, "1");
    TaskId id = fixture.givenStored(TaskScenario.created());

    List<Decision> decisions =
        executeConcurrently(i -> fixture.execute(id, new Command.Reset("ann")));

    assertThat(decisions)
        .hasSize(THREADS * COMMANDS_PER_THREAD)
        .allMatch(Decision.Changed.class::isInstance);
    assertThat(store.task(id).run().attempt()).isEqualTo(1 + THREADS * COMMANDS_PER_THREAD);
    assertThat(decisions.stream().map(d -> d.task().run().attempt()).distinct())
        .hasSize(THREADS * COMMANDS_PER_THREAD);
  }

  @Test
  void grantsLeaseToOneClaim() throws Exception {
    TaskServiceFixture fixture = new TaskServiceFixture(store, "1");
    TaskScenario scenario = TaskScenario.queued();
    TaskId id = fixture.givenStored(scenario);

    List<Decision> decisions =
        executeConcurrently(i -> fixture.execute(id, scenario.claim("c" + i)));

    assertThat(decisions).hasSize(THREADS * COMMANDS_PER_THREAD);
    assertThat(decisions.stream().filter(d -> !d.refused())).hasSize(1);
  }

  @Test
  void severalServersChangeOneTask() throws Exception {
    List<TaskServiceFixture> servers =
        List.of(
            new TaskServiceFixture(store, "1"),
            new TaskServiceFixture(store, "2"),
            new TaskServiceFixture(store, "3"));
    TaskId id = servers.get(0).givenStored(TaskScenario.created());

    List<Decision> decisions =
        executeConcurrently(
            i -> retryUntilWritten(servers.get(i % 3), id, new Command.Reset("ann")));

    assertThat(decisions)
        .hasSize(THREADS * COMMANDS_PER_THREAD)
        .allMatch(Decision.Changed.class::isInstance);
    assertThat(store.task(id).run().attempt()).isEqualTo(1 + THREADS * COMMANDS_PER_THREAD);
  }

  /** Repeats the command as long as it fails because of too many conflicts. */
  private static CompletableFuture<Decision> retryUntilWritten(
      TaskServiceFixture fixture, TaskId id, Command command) {
    return fixture
        .execute(id, command)
        .exceptionallyCompose(
            failure ->
                failure instanceof StoreUnavailable
                        || failure.getCause() instanceof StoreUnavailable
                    ? retryUntilWritten(fixture, id, command)
                    : CompletableFuture.failedFuture(failure));
  }

  @Test
  void observedCommandsAndRequestsDoNotInterfere() throws Exception {
    TaskServiceFixture fixture = new TaskServiceFixture(store, "1");
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.givenStored(scenario);

    List<Decision> decisions =
        executeConcurrently(
            i ->
                i % 4 == 0
                    ? fixture
                        .tasks
                        .execute(store.versioned(id), new Command.LeaseLost())
                        .toCompletableFuture()
                    : fixture.execute(id, new Command.Reset("ann")));

    long changes = decisions.stream().filter(Decision.Changed.class::isInstance).count();
    assertThat(decisions).hasSize(THREADS * COMMANDS_PER_THREAD);
    assertThat(store.task(id).run().attempt()).isEqualTo(1 + (int) changes);
  }
}
