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

/** Many threads, here and in other servers, tell one task many things at once. */
class TaskServiceConcurrencyTest {

  private static final int THREADS = 8;
  private static final int EACH = 1250;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final ExecutorService storeThreads = Executors.newFixedThreadPool(3);
  private final ScriptedTaskStore store = new ScriptedTaskStore(storeThreads);

  @AfterEach
  void stop() {
    threads.shutdownNow();
    storeThreads.shutdownNow();
  }

  /** Each thread says its share at once and then waits for all the answers. */
  private List<Decision> answers(IntFunction<CompletableFuture<Decision>> say) throws Exception {
    List<Callable<List<Decision>>> work = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int first = t * EACH;
      work.add(
          () -> {
            List<CompletableFuture<Decision>> answers = new ArrayList<>();
            for (int i = first; i < first + EACH; i++) {
              answers.add(say.apply(i));
            }
            List<Decision> all = new ArrayList<>();
            for (CompletableFuture<Decision> answer : answers) {
              all.add(answer.get(60, TimeUnit.SECONDS));
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
  void noAnswerIsMissingAndNoMoveIsLost() throws Exception {
    TaskServiceFixture fixture = new TaskServiceFixture(store, "1");
    TaskId id = fixture.given(TaskScenario.created());

    List<Decision> answers = answers(i -> fixture.execute(id, new Command.Reset("ann")));

    assertThat(answers).hasSize(THREADS * EACH).allMatch(Decision.Moved.class::isInstance);
    assertThat(store.task(id).attempt()).isEqualTo(1 + THREADS * EACH);
    assertThat(answers.stream().map(d -> d.task().attempt()).distinct()).hasSize(THREADS * EACH);
  }

  @Test
  void oneOfAllWhoClaimGetsTheLease() throws Exception {
    TaskServiceFixture fixture = new TaskServiceFixture(store, "1");
    TaskScenario scenario = TaskScenario.queued();
    TaskId id = fixture.given(scenario);

    List<Decision> answers = answers(i -> fixture.execute(id, scenario.claim("c" + i)));

    assertThat(answers).hasSize(THREADS * EACH);
    assertThat(answers.stream().filter(d -> !d.refused())).hasSize(1);
  }

  @Test
  void serversWorkSideBySide() throws Exception {
    List<TaskServiceFixture> desks =
        List.of(
            new TaskServiceFixture(store, "1"),
            new TaskServiceFixture(store, "2"),
            new TaskServiceFixture(store, "3"));
    TaskId id = desks.get(0).given(TaskScenario.created());

    List<Decision> answers =
        answers(i -> untilWritten(desks.get(i % 3), id, new Command.Reset("ann")));

    assertThat(answers).hasSize(THREADS * EACH).allMatch(Decision.Moved.class::isInstance);
    assertThat(store.task(id).attempt()).isEqualTo(1 + THREADS * EACH);
  }

  /** Whoever was too late too often has not written: he says it again. */
  private static CompletableFuture<Decision> untilWritten(
      TaskServiceFixture fixture, TaskId id, Command command) {
    return fixture
        .execute(id, command)
        .exceptionallyCompose(
            failure ->
                failure instanceof StoreUnavailable
                        || failure.getCause() instanceof StoreUnavailable
                    ? untilWritten(fixture, id, command)
                    : CompletableFuture.failedFuture(failure));
  }

  @Test
  void lookersAndTellersDoNotMiss() throws Exception {
    TaskServiceFixture fixture = new TaskServiceFixture(store, "1");
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.given(scenario);

    List<Decision> answers =
        answers(
            i ->
                i % 4 == 0
                    ? fixture
                        .tasks
                        .execute(store.seen(id), new Command.LeaseLost())
                        .toCompletableFuture()
                    : fixture.execute(id, new Command.Reset("ann")));

    long transitions = answers.stream().filter(Decision.Moved.class::isInstance).count();
    assertThat(answers).hasSize(THREADS * EACH);
    assertThat(store.task(id).attempt()).isEqualTo(1 + (int) transitions);
  }
}
