package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.document.Document;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SweepsTest {

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Document document = server.document("swept");

  @Test
  void publishesOverdueTaskOnceBrokerIsReachable() {
    server.shared.brokerOutcome = PublishOutcome.NOT_NOW;
    Task task = server.create(document, "ASR");
    server.advanceClock(Duration.ofMinutes(5));
    server.overdue.run();
    assertThat(server.task(task.id()).outbox())
        .as("nothing is written while the broker is unreachable")
        .hasSize(1);
    assertThat(server.task(task.id()).updatedAt()).isEqualTo(task.updatedAt());

    server.shared.brokerOutcome = PublishOutcome.CONFIRMED;
    server.overdue.run();

    assertThat(server.task(task.id()).state()).isEqualTo(TaskState.QUEUED);
    assertThat(server.shared.queue).hasSize(1);
  }

  @Test
  void performsOtherEffectsWhileBrokerIsUnreachable() {
    server.shared.brokerOutcome = PublishOutcome.NOT_NOW;
    for (int i = 0; i < 500; i++) {
      server.create(server.document("first " + i), "ASR");
    }
    server.advanceClock(Duration.ofSeconds(1));
    server.shared.brokerOutcome = PublishOutcome.CONFIRMED;
    InMemoryServer withFailingResultStore =
        new InMemoryServer(server.shared, SweepsTest::failResultStore);
    Task task = withFailingResultStore.create(document, "OCR");
    ResultDraft result = new ResultDraft(TextNode.valueOf("text"), Map.of());
    withFailingResultStore.execute(
        task.id(),
        Command.Claim.byWorker(new Reporter(new RunRef(1, task.run().token()), "c", "w"), null));
    withFailingResultStore.execute(
        task.id(),
        new Command.Complete(
            new Reporter(new RunRef(1, task.run().token()), "c", "w"),
            RunEnd.of("done"),
            List.of(result),
            null));
    assertThat(server.shared.results.all()).isEmpty();
    server.shared.queue.clear();
    server.shared.brokerOutcome = PublishOutcome.NOT_NOW;
    server.advanceClock(Duration.ofMinutes(5));

    server.overdue.run();
    server.overdue.run();

    assertThat(server.shared.results.all()).hasSize(1);
    server.shared.brokerOutcome = PublishOutcome.CONFIRMED;
    server.overdue.run();
    assertThat(server.shared.queue)
        .as("the next run starts again from the first task")
        .hasSize(500);
  }

  private static Object failResultStore(String call, boolean isAsynchronous, Callable<Object> work)
      throws Exception {
    return call.startsWith("ResultStore")
        ? CompletableFuture.failedStage(new StoreUnavailable("unreachable"))
        : work.call();
  }

  @Test
  void skipsEffectThatAnotherServerPerforms() {
    server.shared.brokerOutcome = PublishOutcome.NOT_NOW;
    server.create(document, "ASR");
    server.advanceClock(Duration.ofSeconds(31));
    server.shared.brokerOutcome = PublishOutcome.CONFIRMED;
    InMemoryServer other = new InMemoryServer(server.shared);
    var seen = server.shared.tasks.overdue(server.shared.now, null, 10).get(0);
    other.tasks.execute(seen, new Command.Publish()).toCompletableFuture().join();

    server.tasks.execute(seen, new Command.Publish()).toCompletableFuture().join();

    assertThat(server.shared.queue).hasSize(1);
  }

  /** Effects that earlier releases stored are dropped when their record is read. */
  @Test
  void writesRecordWhoseOverdueEffectsWereDropped() {
    Task task = server.create(document, "ASR");
    List<Versioned<Task>> found =
        List.of(server.shared.tasks.find(task.id()).toCompletableFuture().join().orElseThrow());
    InMemoryServer withFormerRecord =
        new InMemoryServer(
            server.shared,
            (call, isAsynchronous, work) ->
                call.equals("OverdueTasks.overdue") ? found : work.call());
    server.advanceClock(Duration.ofMinutes(1));

    withFormerRecord.overdue.run();

    assertThat(server.task(task.id()).updatedAt()).isEqualTo(server.shared.now);
    assertThat(server.task(task.id()).outbox()).isEmpty();
  }

  @Test
  void publishesDelayedTaskWhenDue() {
    Task task =
        server.create(document, "ASR", List.of(), server.shared.now.plus(Duration.ofHours(1)));
    server.advanceClock(Duration.ofMinutes(59));
    server.overdue.run();
    assertThat(server.shared.queue).isEmpty();

    server.advanceClock(Duration.ofMinutes(1));
    server.overdue.run();

    assertThat(server.shared.queue).hasSize(1);
    assertThat(server.task(task.id()).state()).isEqualTo(TaskState.QUEUED);
    assertThat(server.task(task.id()).run().token()).isEqualTo(task.run().token());
  }

  @Test
  void triesUnroutableRouteWithOldestTaskThenReleasesTheRest() {
    server.shared.brokerOutcome = PublishOutcome.UNROUTABLE;
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tasks.add(server.create(server.document("swept " + i), "ASR"));
      server.advanceClock(Duration.ofSeconds(1));
    }
    assertThat(states(tasks)).containsOnly(TaskState.NO_ROUTE_TO_QUEUE);
    Task before = server.task(tasks.get(0).id());
    server.unroutable.run();
    assertThat(server.task(before.id()))
        .as("the message is returned: nothing is written")
        .isEqualTo(before);

    server.shared.brokerOutcome = PublishOutcome.CONFIRMED;
    server.unroutable.run();

    assertThat(states(tasks)).containsOnly(TaskState.QUEUED);
    assertThat(server.shared.queue).hasSize(20);
    assertThat(server.shared.queue.get(0).id()).isEqualTo(tasks.get(0).id());
  }

  @Test
  void keepsTaskOfDocumentRegisteredAgainAfterDeletion() {
    Task deleted = server.create(document, "OLD");
    server.documents.delete(document.id()).toCompletableFuture().join();
    server.advanceClock(Duration.ofSeconds(1));
    Document successor = server.document("swept");
    assertThat(successor.id()).isEqualTo(document.id());
    Task created = server.create(successor, "NEW");

    server.purge.run();

    assertThat(server.shared.tasks.find(deleted.id()).toCompletableFuture().join()).isEmpty();
    assertThat(server.task(created.id()).deleted()).isFalse();
  }

  @Test
  void wakesAllDependentsBeyondListLimit() {
    Task needed = server.create(document, "NEEDED");
    List<Task> waiting = new ArrayList<>();
    for (int i = 0; i < 450; i++) {
      waiting.add(
          server.create(
              server.document("waits " + i),
              "WAITING",
              List.of(
                  new dev.docket.task.machine.Effect.NeededTask(needed.id(), needed.key(), null)),
              null));
    }
    assertThat(server.task(needed.id()).moreDependents()).isTrue();

    server.execute(
        needed.id(),
        Command.Claim.byWorker(new Reporter(new RunRef(1, needed.run().token()), "c", "w"), null));
    server.execute(
        needed.id(),
        new Command.Complete(
            new Reporter(new RunRef(1, needed.run().token()), "c", "w"),
            RunEnd.of("done"),
            List.of(),
            null));

    assertThat(states(waiting)).containsOnly(TaskState.QUEUED);
    assertThat(server.task(needed.id()).outbox()).isEmpty();
  }

  private List<TaskState> states(List<Task> tasks) {
    return tasks.stream().map(task -> server.task(task.id()).state()).toList();
  }
}
