package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.Document;
import dev.docket.document.DocumentNotFound;
import dev.docket.simulation.House;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.ResultDraft;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.TaskMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RetentionSweepTest {

  private static final Duration MONTHS = Duration.ofDays(61);

  private final House house = new House(new House.Ground());
  private final Document document = house.document("old");

  private Task done(Document of, String key) {
    return finish(house.create(of, key));
  }

  private Task finish(Task task) {
    house.tell(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    house.tell(task.id(), new Command.Complete(1, task.run(), "c", "w", "done", List.of()));
    assertThat(house.now(task.id()).state()).isEqualTo(TaskState.SUCCESS);
    return house.now(task.id());
  }

  private boolean isThere(TaskId id) {
    return house.ground.tasks.find(id).toCompletableFuture().join().isPresent();
  }

  private boolean isThere(Document seen) {
    return house.ground.documents.find(seen.id()).toCompletableFuture().join().isPresent();
  }

  private Document now(Document seen) {
    return house.documents.get(seen.id()).toCompletableFuture().join();
  }

  private void isGone(Document seen) {
    assertThatThrownBy(() -> now(seen)).hasCauseInstanceOf(DocumentNotFound.class);
  }

  /** The tombstone's hour passes. */
  private void anHourOfPurging() {
    house.purge.look();
    house.pass(Duration.ofMinutes(2));
    house.purge.look();
    house.pass(Duration.ofHours(1));
    house.purge.look();
  }

  @Test
  void whatEndedLongAgoGoesWithItsResults() {
    Task task = house.create(document, "ASR");
    ResultDraft result = new ResultDraft(TextNode.valueOf("words"), Map.of());
    house.tell(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    house.tell(task.id(), new Command.Complete(1, task.run(), "c", "w", "done", List.of(result)));
    assertThat(house.ground.results.all()).hasSize(1);
    house.pass(Duration.ofDays(29));
    house.retention.look();
    assertThat(isThere(task.id())).isTrue();

    house.pass(Duration.ofDays(2));
    house.retention.look();

    assertThat(isThere(task.id())).isFalse();
    assertThat(house.ground.results.all()).isEmpty();
    assertThat(now(document)).as("younger than documents are to be").isEqualTo(document);
  }

  @Test
  void whatHasNotEndedStaysHoweverOldItIs() {
    Task open = house.create(document, "ASR");
    house.pass(MONTHS);
    house.retention.look();
    assertThat(house.now(open.id()).deleted()).isFalse();
    assertThat(now(document)).isEqualTo(document);
  }

  @Test
  void whatIsRetriedMeanwhileStays() {
    Task task = done(document, "ASR");
    house.pass(MONTHS);
    var seen = house.ground.tasks.find(task.id()).toCompletableFuture().join().orElseThrow();
    house.tell(task.id(), new Command.ForceRetry("ann"));

    house.tasks.tell(seen, new Command.Expire()).toCompletableFuture().join();
    house.retention.look();

    assertThat(house.now(task.id()).deleted()).isFalse();
  }

  @Test
  void whileThereIsSomethingLeftToDoForATaskItStays() {
    Task task = house.create(document, "ASR");
    house.tell(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    ResultDraft result = new ResultDraft(TextNode.valueOf("words"), Map.of());
    Task ended =
        TaskMachine.apply(
                house.now(task.id()),
                new Command.Complete(1, task.run(), "c", "w", "done", List.of(result)),
                House.POLICY,
                house.moment())
            .task();
    assertThat(ended.outbox()).isNotEmpty();

    assertThat(TaskMachine.apply(ended, new Command.Expire(), House.POLICY, house.moment()))
        .isEqualTo(new Decision.Unchanged(ended));
  }

  @Test
  void whatAnotherStillWaitsForStaysUntilThatHasEnded() {
    Task first = done(document, "FIRST");
    Task second = house.create(document, "SECOND");
    Task both =
        house
            .submit(
                document,
                "BOTH",
                List.of(
                    new Effect.Needed(first.id(), first.key(), null),
                    new Effect.Needed(second.id(), second.key(), null)),
                OnDependencyFailure.FAIL)
            .toCompletableFuture()
            .join();
    house.pass(MONTHS);
    house.retention.look();
    house.waiting.look();
    assertThat(isThere(first.id())).isTrue();
    assertThat(house.now(both.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    finish(house.now(second.id()));
    assertThat(house.now(both.id()).state()).isEqualTo(TaskState.QUEUED);
    house.retention.look();

    assertThat(isThere(first.id())).isFalse();
    assertThat(house.now(both.id()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void aPageOfWhatHasToStayDoesNotStandInTheWay() {
    List<Effect.Needed> needed = new ArrayList<>();
    for (int i = 0; i < RetentionSweep.PAGE; i++) {
      Task task = done(document, "NEEDED" + i);
      needed.add(new Effect.Needed(task.id(), task.key(), null));
    }
    TaskKey open = new TaskKey("OPEN");
    needed.add(new Effect.Needed(house.create(document, "OPEN").id(), open, null));
    house.submit(document, "ALL", needed, OnDependencyFailure.FAIL).toCompletableFuture().join();
    house.pass(Duration.ofSeconds(1));
    Task after = done(document, "AFTER");
    house.pass(MONTHS);

    house.retention.look();

    assertThat(isThere(after.id())).isFalse();
    assertThat(isThere(needed.get(0).id())).isTrue();
  }

  @Test
  void aLookDeletesSomePagesAndTheNextGoesOn() {
    int most = RetentionSweep.PAGE * RetentionSweep.PAGES;
    for (int i = 0; i < most + 1; i++) {
      done(document, "OLD" + i);
    }
    house.pass(MONTHS);

    house.retention.look();
    assertThat(house.ground.tasks.all()).hasSize(1);
    house.retention.look();

    assertThat(house.ground.tasks.all()).isEmpty();
  }

  @Test
  void aDocumentGoesWhenItIsOldAndHasNoTaskLeft() {
    Task task = done(document, "ASR");
    house.pass(MONTHS);
    Document young = house.document("young");
    house.retention.look();
    assertThat(isThere(task.id())).isFalse();
    house.retention.look();
    isGone(document);
    assertThat(house.ground.expired).isEqualTo(1);
    assertThat(now(young)).isEqualTo(young);

    anHourOfPurging();

    assertThat(isThere(document)).isFalse();
    assertThat(isThere(young)).isTrue();
  }

  @Test
  void aTaskThatWasJustBeingSubmittedBringsItsDocumentBack() {
    house.pass(MONTHS);
    Document seen = now(document);
    house.retention.look();
    isGone(document);
    Task accepted = house.create(seen, "ASR");

    house.purge.look();

    assertThat(now(document)).as("as it was").isEqualTo(document);
    assertThat(house.now(accepted.id()).deleted()).isFalse();
    anHourOfPurging();
    assertThat(house.now(accepted.id()).deleted()).isFalse();
    assertThat(now(document)).isEqualTo(document);
  }

  @Test
  void aLateSubmissionIsFoundAtTheLastLookToo() {
    house.pass(MONTHS);
    Document seen = now(document);
    house.retention.look();
    house.purge.look();
    house.pass(Duration.ofMinutes(2));
    house.purge.look();
    Task accepted = house.create(seen, "ASR");
    house.pass(Duration.ofHours(1));

    house.purge.look();

    assertThat(now(document)).isEqualTo(document);
    assertThat(house.now(accepted.id()).deleted()).isFalse();
  }

  @Test
  void aDocumentThatIsRegisteredAgainMeanwhileKeepsWhatWasJustBeingSubmitted() {
    house.pass(MONTHS);
    Document seen = now(document);
    house.retention.look();
    Task accepted = house.create(seen, "ASR");

    Document again = house.document("old");
    anHourOfPurging();

    assertThat(again.id()).isEqualTo(document.id());
    assertThat(now(again)).isEqualTo(again);
    assertThat(house.now(accepted.id()).deleted()).isFalse();
  }

  @Test
  void aDocumentThatWasDeletedIsLeftToThePurge() {
    house.documents.delete(document.id()).toCompletableFuture().join();
    house.pass(MONTHS);
    house.retention.look();
    assertThat(house.ground.expired).isZero();
    house.purge.look();
    assertThat(isThere(document)).isTrue();
  }

  @Test
  void aServerThatDiesInTheMiddleIsSucceededByOneThatGoesOn() {
    for (int i = 0; i < 5; i++) {
      done(house.document("old " + i), "ASR");
    }
    house.pass(MONTHS);
    for (int calls = 0; calls < 40; calls++) {
      int most = calls;
      int[] made = {0};
      House dying =
          new House(
              house.ground,
              (call, isAsynchronous, work) -> {
                if (made[0]++ >= most) {
                  throw new StoreUnavailable("dead");
                }
                return work.call();
              });
      try {
        dying.retention.look();
        dying.purge.look();
      } catch (RuntimeException dead) {
        assertThat(dead).hasStackTraceContaining("dead");
      }
    }
    House successor = house.successor();
    for (int i = 0; i < 4; i++) {
      successor.pass(Duration.ofHours(2));
      successor.overdue.look();
      successor.retention.look();
      successor.purge.look();
    }
    assertThat(house.ground.tasks.all()).isEmpty();
    assertThat(house.ground.documents.all()).isEmpty();
  }
}
