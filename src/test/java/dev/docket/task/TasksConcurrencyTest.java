package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.store.StoreUnavailable;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Scene;
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
class TasksConcurrencyTest {

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
    Desk desk = new Desk(store, "1");
    TaskId id = desk.given(Scene.created());

    List<Decision> answers = answers(i -> desk.tell(id, new Command.Reset("ann")));

    assertThat(answers).hasSize(THREADS * EACH).allMatch(Decision.Moved.class::isInstance);
    assertThat(store.task(id).attempt()).isEqualTo(1 + THREADS * EACH);
    assertThat(answers.stream().map(d -> d.task().attempt()).distinct()).hasSize(THREADS * EACH);
  }

  @Test
  void oneOfAllWhoClaimGetsTheLease() throws Exception {
    Desk desk = new Desk(store, "1");
    Scene scene = Scene.queued();
    TaskId id = desk.given(scene);

    List<Decision> answers = answers(i -> desk.tell(id, scene.claim("c" + i)));

    assertThat(answers).hasSize(THREADS * EACH);
    assertThat(answers.stream().filter(d -> !d.refused())).hasSize(1);
  }

  @Test
  void serversWorkSideBySide() throws Exception {
    List<Desk> desks = List.of(new Desk(store, "1"), new Desk(store, "2"), new Desk(store, "3"));
    TaskId id = desks.get(0).given(Scene.created());

    List<Decision> answers =
        answers(i -> untilWritten(desks.get(i % 3), id, new Command.Reset("ann")));

    assertThat(answers).hasSize(THREADS * EACH).allMatch(Decision.Moved.class::isInstance);
    assertThat(store.task(id).attempt()).isEqualTo(1 + THREADS * EACH);
  }

  /** Whoever was too late too often has not written: he says it again. */
  private static CompletableFuture<Decision> untilWritten(Desk desk, TaskId id, Command command) {
    return desk.tell(id, command)
        .exceptionallyCompose(
            failure ->
                failure instanceof StoreUnavailable
                        || failure.getCause() instanceof StoreUnavailable
                    ? untilWritten(desk, id, command)
                    : CompletableFuture.failedFuture(failure));
  }

  @Test
  void lookersAndTellersDoNotMiss() throws Exception {
    Desk desk = new Desk(store, "1");
    Scene scene = Scene.running();
    TaskId id = desk.given(scene);

    List<Decision> answers =
        answers(
            i ->
                i % 4 == 0
                    ? desk.tasks.tell(store.seen(id), new Command.LeaseLost()).toCompletableFuture()
                    : desk.tell(id, new Command.Reset("ann")));

    long moves = answers.stream().filter(Decision.Moved.class::isInstance).count();
    assertThat(answers).hasSize(THREADS * EACH);
    assertThat(store.task(id).attempt()).isEqualTo(1 + (int) moves);
  }
}
