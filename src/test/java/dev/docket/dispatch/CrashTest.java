package dev.docket.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.Document;
import dev.docket.document.Versioned;
import dev.docket.task.Command;
import dev.docket.task.Decision;
import dev.docket.task.ResultDraft;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that dies at any of its writes, and one that comes after it. */
final class CrashTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})
  void whateverWasAcceptedEndsWithItsResults(int writes) {
    House.Ground ground = new House.Ground();
    House mortal = new House(ground);
    Document document = mortal.document("crash");
    mortal.writesLeft = writes;
    // The first write is the acceptance. B needs A, which is made by B's own effect.
    mortal.create(document, "B", "A");
    work(mortal);

    House next = new House(ground);
    for (int round = 0; round < 20; round++) {
      next.pass(Duration.ofSeconds(31));
      next.overdue.look();
      work(next);
      loseLeases(next);
    }

    assertThat(ground.tasks.all()).hasSize(2);
    for (Versioned<Task> found : ground.tasks.all()) {
      Task task = found.value();
      assertThat(task.state()).as("%s", task).isEqualTo(TaskState.SUCCESS);
      assertThat(task.outbox()).as("%s", task).isEmpty();
      assertThat(task.results()).isNotNull();
      assertThat(ground.results.all().stream().filter(r -> r.value().taskId().equals(task.id())))
          .singleElement()
          .satisfies(r -> assertThat(r.value().run()).isEqualTo(task.results().run()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void aDeletionIsFinishedByTheNext(int writes) {
    House.Ground ground = new House.Ground();
    House mortal = new House(ground);
    Document document = mortal.document("crash");
    mortal.create(document, "B", "A");
    work(mortal);
    mortal.documents.delete(document.id()).toCompletableFuture().join();
    mortal.writesLeft = writes;
    begin(mortal.purge::look);

    House next = new House(ground);
    for (int round = 0; round < 5; round++) {
      next.pass(Duration.ofMinutes(31));
      next.purge.look();
      next.overdue.look();
    }

    assertThat(ground.tasks.all()).isEmpty();
    assertThat(ground.results.all()).isEmpty();
    assertThat(ground.documents.all()).as("the tombstone goes after an hour").isEmpty();
  }

  /** A worker that takes what is in the queue, and does not wait for a server that is dead. */
  private static void work(House house) {
    while (!house.ground.queue.isEmpty()) {
      Task sent = house.ground.queue.remove(0);
      int attempt = sent.attempt();
      var claim = new Command.Claim(attempt, sent.run(), "claim " + sent.run(), "w", false);
      Decision granted = house.tasks.tell(sent.id(), claim).toCompletableFuture().getNow(null);
      if (granted == null) {
        house.ground.queue.add(0, sent);
        return;
      }
      if (!granted.refused()) {
        var results = List.of(new ResultDraft(TextNode.valueOf("done"), Map.of()));
        var unused =
            house.tasks.tell(
                sent.id(),
                new Command.Complete(attempt, sent.run(), claim.claimId(), "w", "done", results));
      }
    }
  }

  private static void loseLeases(House house) {
    for (Versioned<Task> running : house.ground.tasks.running(null, 100)) {
      house.tasks.tell(running, new Command.LeaseLost()).toCompletableFuture().join();
    }
  }

  /** Begins something that a server which dies meanwhile never ends. */
  private static void begin(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
    org.awaitility.Awaitility.await()
        .until(
            () ->
                thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TERMINATED);
  }
}
