package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.broker.TaskCourier.Sent;
import dev.docket.document.Document;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.ResultDraft;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SweepsTest {

  private final House house = new House(new House.Ground());
  private final Document document = house.document("swept");

  @Test
  void whatTheBrokerCouldNotTakeIsPublishedOnceItCan() {
    house.ground.broker = Sent.NOT_NOW;
    Task task = house.create(document, "ASR");
    house.pass(Duration.ofMinutes(5));
    house.overdue.look();
    assertThat(house.now(task.id()).outbox()).as("nothing is written while it is away").hasSize(1);
    assertThat(house.now(task.id()).updatedAt()).isEqualTo(task.updatedAt());

    house.ground.broker = Sent.CONFIRMED;
    house.overdue.look();

    assertThat(house.now(task.id()).state()).isEqualTo(TaskState.QUEUED);
    assertThat(house.ground.queue).hasSize(1);
  }

  @Test
  void whatTheBrokerCannotTakeHidesNothingThatCanBeDone() {
    house.ground.broker = Sent.NOT_NOW;
    for (int i = 0; i < 500; i++) {
      house.create(house.document("first " + i), "ASR");
    }
    house.pass(Duration.ofSeconds(1));
    house.ground.broker = Sent.CONFIRMED;
    House troubled = new House(house.ground, SweepsTest::withoutResults);
    Task task = troubled.create(document, "OCR");
    ResultDraft result = new ResultDraft(TextNode.valueOf("words"), Map.of());
    troubled.tell(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    troubled.tell(
        task.id(), new Command.Complete(1, task.run(), "c", "w", "done", List.of(result)));
    assertThat(house.ground.results.all()).isEmpty();
    house.ground.queue.clear();
    house.ground.broker = Sent.NOT_NOW;
    house.pass(Duration.ofMinutes(5));

    house.overdue.look();
    house.overdue.look();

    assertThat(house.ground.results.all()).hasSize(1);
    house.ground.broker = Sent.CONFIRMED;
    house.overdue.look();
    assertThat(house.ground.queue).as("and it begins anew with the first").hasSize(500);
  }

  private static Object withoutResults(String call, boolean isAsynchronous, Callable<Object> work)
      throws Exception {
    return call.startsWith("ResultStore")
        ? CompletableFuture.failedStage(new StoreUnavailable("away"))
        : work.call();
  }

  @Test
  void whatAnotherHasTakenIsLeftToHim() {
    house.ground.broker = Sent.NOT_NOW;
    house.create(document, "ASR");
    house.pass(Duration.ofSeconds(31));
    house.ground.broker = Sent.CONFIRMED;
    House other = new House(house.ground);
    var seen = house.ground.tasks.overdue(house.ground.now, null, 10).get(0);
    other.tasks.tell(seen, new Command.Publish()).toCompletableFuture().join();

    house.tasks.tell(seen, new Command.Publish()).toCompletableFuture().join();

    assertThat(house.ground.queue).hasSize(1);
  }

  @Test
  void aDelayedTaskIsPublishedWhenItsTimeComes() {
    Task task =
        house.create(document, "ASR", List.of(), house.ground.now.plus(Duration.ofHours(1)));
    house.pass(Duration.ofMinutes(59));
    house.overdue.look();
    assertThat(house.ground.queue).isEmpty();

    house.pass(Duration.ofMinutes(1));
    house.overdue.look();

    assertThat(house.ground.queue).hasSize(1);
    assertThat(house.now(task.id()).state()).isEqualTo(TaskState.QUEUED);
    assertThat(house.now(task.id()).run()).isEqualTo(task.run());
  }

  @Test
  void aRouteWithoutAQueueIsTriedWithItsOldestTaskAndThenReleased() {
    house.ground.broker = Sent.UNROUTABLE;
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tasks.add(house.create(house.document("swept " + i), "ASR"));
      house.pass(Duration.ofSeconds(1));
    }
    assertThat(states(tasks)).containsOnly(TaskState.NO_ROUTE_TO_QUEUE);
    Task before = house.now(tasks.get(0).id());
    house.unroutable.look();
    assertThat(house.now(before.id())).as("returned: nothing is written").isEqualTo(before);

    house.ground.broker = Sent.CONFIRMED;
    house.unroutable.look();

    assertThat(states(tasks)).containsOnly(TaskState.QUEUED);
    assertThat(house.ground.queue).hasSize(20);
    assertThat(house.ground.queue.get(0).id()).isEqualTo(tasks.get(0).id());
  }

  @Test
  void aTaskOfASuccessorOfADeletedDocumentIsKept() {
    Task old = house.create(document, "OLD");
    house.documents.delete(document.id()).toCompletableFuture().join();
    house.pass(Duration.ofSeconds(1));
    Document successor = house.document("swept");
    assertThat(successor.id()).isEqualTo(document.id());
    Task fresh = house.create(successor, "NEW");

    house.purge.look();

    assertThat(house.ground.tasks.find(old.id()).toCompletableFuture().join()).isEmpty();
    assertThat(house.now(fresh.id()).deleted()).isFalse();
  }

  @Test
  void moreDependentsThanAreListedAreAllWoken() {
    Task needed = house.create(document, "NEEDED");
    List<Task> waiting = new ArrayList<>();
    for (int i = 0; i < 450; i++) {
      waiting.add(
          house.create(
              house.document("waits " + i),
              "WAITING",
              List.of(new dev.docket.task.machine.Effect.Needed(needed.id(), needed.key(), null)),
              null));
    }
    assertThat(house.now(needed.id()).moreDependents()).isTrue();

    house.tell(needed.id(), new Command.Claim(1, needed.run(), "c", "w", false));
    house.tell(needed.id(), new Command.Complete(1, needed.run(), "c", "w", "done", List.of()));

    assertThat(states(waiting)).containsOnly(TaskState.QUEUED);
    assertThat(house.now(needed.id()).outbox()).isEmpty();
  }

  private List<TaskState> states(List<Task> tasks) {
    return tasks.stream().map(task -> house.now(task.id()).state()).toList();
  }
}
