package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.Document;
import dev.docket.document.DocumentNotFound;
import dev.docket.simulation.InMemoryServer;
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

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Document document = server.document("old");

  private Task done(Document of, String key) {
    return finish(server.create(of, key));
  }

  private Task finish(Task task) {
    server.execute(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    server.execute(task.id(), new Command.Complete(1, task.run(), "c", "w", "done", List.of()));
    assertThat(server.now(task.id()).state()).isEqualTo(TaskState.SUCCESS);
    return server.now(task.id());
  }

  private boolean isThere(TaskId id) {
    return server.shared.tasks.find(id).toCompletableFuture().join().isPresent();
  }

  private boolean isThere(Document seen) {
    return server.shared.documents.find(seen.id()).toCompletableFuture().join().isPresent();
  }

  private Document now(Document seen) {
    return server.documents.get(seen.id()).toCompletableFuture().join();
  }

  private void isGone(Document seen) {
    assertThatThrownBy(() -> now(seen)).hasCauseInstanceOf(DocumentNotFound.class);
  }

  /** The tombstone's hour passes. */
  private void anHourOfPurging() {
    server.purge.run();
    server.pass(Duration.ofMinutes(2));
    server.purge.run();
    server.pass(Duration.ofHours(1));
    server.purge.run();
  }

  @Test
  void whatEndedLongAgoGoesWithItsResults() {
    Task task = server.create(document, "ASR");
    ResultDraft result = new ResultDraft(TextNode.valueOf("words"), Map.of());
    server.execute(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    server.execute(
        task.id(), new Command.Complete(1, task.run(), "c", "w", "done", List.of(result)));
    assertThat(server.shared.results.all()).hasSize(1);
    server.pass(Duration.ofDays(29));
    server.retention.run();
    assertThat(isThere(task.id())).isTrue();

    server.pass(Duration.ofDays(2));
    server.retention.run();

    assertThat(isThere(task.id())).isFalse();
    assertThat(server.shared.results.all()).isEmpty();
    assertThat(now(document)).as("younger than documents are to be").isEqualTo(document);
  }

  @Test
  void whatHasNotEndedStaysHoweverOldItIs() {
    Task open = server.create(document, "ASR");
    server.pass(MONTHS);
    server.retention.run();
    assertThat(server.now(open.id()).deleted()).isFalse();
    assertThat(now(document)).isEqualTo(document);
  }

  @Test
  void whatIsRetriedMeanwhileStays() {
    Task task = done(document, "ASR");
    server.pass(MONTHS);
    var seen = server.shared.tasks.find(task.id()).toCompletableFuture().join().orElseThrow();
    server.execute(task.id(), new Command.ForceRetry("ann"));

    server.tasks.execute(seen, new Command.Expire()).toCompletableFuture().join();
    server.retention.run();

    assertThat(server.now(task.id()).deleted()).isFalse();
  }

  @Test
  void whileThereIsSomethingLeftToDoForATaskItStays() {
    Task task = server.create(document, "ASR");
    server.execute(task.id(), new Command.Claim(1, task.run(), "c", "w", false));
    ResultDraft result = new ResultDraft(TextNode.valueOf("words"), Map.of());
    Task ended =
        TaskMachine.apply(
                server.now(task.id()),
                new Command.Complete(1, task.run(), "c", "w", "done", List.of(result)),
                InMemoryServer.POLICY,
                server.context())
            .task();
    assertThat(ended.outbox()).isNotEmpty();

    assertThat(
            TaskMachine.apply(ended, new Command.Expire(), InMemoryServer.POLICY, server.context()))
        .isEqualTo(new Decision.Unchanged(ended));
  }

  @Test
  void whatAnotherStillWaitsForStaysUntilThatHasEnded() {
    Task first = done(document, "FIRST");
    Task second = server.create(document, "SECOND");
    Task both =
        server
            .submit(
                document,
                "BOTH",
                List.of(
                    new Effect.Needed(first.id(), first.key(), null),
                    new Effect.Needed(second.id(), second.key(), null)),
                OnDependencyFailure.FAIL)
            .toCompletableFuture()
            .join();
    server.pass(MONTHS);
    server.retention.run();
    server.waiting.run();
    assertThat(isThere(first.id())).isTrue();
    assertThat(server.now(both.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    finish(server.now(second.id()));
    assertThat(server.now(both.id()).state()).isEqualTo(TaskState.QUEUED);
    server.retention.run();

    assertThat(isThere(first.id())).isFalse();
    assertThat(server.now(both.id()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void aPageOfWhatHasToStayDoesNotStandInTheWay() {
    List<Effect.Needed> needed = new ArrayList<>();
    for (int i = 0; i < RetentionSweep.PAGE_SIZE; i++) {
      Task task = done(document, "NEEDED" + i);
      needed.add(new Effect.Needed(task.id(), task.key(), null));
    }
    TaskKey open = new TaskKey("OPEN");
    needed.add(new Effect.Needed(server.create(document, "OPEN").id(), open, null));
    server.submit(document, "ALL", needed, OnDependencyFailure.FAIL).toCompletableFuture().join();
    server.pass(Duration.ofSeconds(1));
    Task after = done(document, "AFTER");
    server.pass(MONTHS);

    server.retention.run();

    assertThat(isThere(after.id())).isFalse();
    assertThat(isThere(needed.get(0).id())).isTrue();
  }

  @Test
  void aLookDeletesSomePagesAndTheNextGoesOn() {
    int most = RetentionSweep.PAGE_SIZE * RetentionSweep.PAGES;
    for (int i = 0; i < most + 1; i++) {
      done(document, "OLD" + i);
    }
    server.pass(MONTHS);

    server.retention.run();
    assertThat(server.shared.tasks.all()).hasSize(1);
    server.retention.run();

    assertThat(server.shared.tasks.all()).isEmpty();
  }

  @Test
  void aDocumentGoesWhenItIsOldAndHasNoTaskLeft() {
    Task task = done(document, "ASR");
    server.pass(MONTHS);
    Document young = server.document("young");
    server.retention.run();
    assertThat(isThere(task.id())).isFalse();
    server.retention.run();
    isGone(document);
    assertThat(server.shared.expired).isEqualTo(1);
    assertThat(now(young)).isEqualTo(young);

    anHourOfPurging();

    assertThat(isThere(document)).isFalse();
    assertThat(isThere(young)).isTrue();
  }

  @Test
  void aTaskThatWasJustBeingSubmittedBringsItsDocumentBack() {
    server.pass(MONTHS);
    Document seen = now(document);
    server.retention.run();
    isGone(document);
    Task accepted = server.create(seen, "ASR");

    server.purge.run();

    assertThat(now(document)).as("as it was").isEqualTo(document);
    assertThat(server.now(accepted.id()).deleted()).isFalse();
    anHourOfPurging();
    assertThat(server.now(accepted.id()).deleted()).isFalse();
    assertThat(now(document)).isEqualTo(document);
  }

  @Test
  void aLateSubmissionIsFoundAtTheLastLookToo() {
    server.pass(MONTHS);
    Document seen = now(document);
    server.retention.run();
    server.purge.run();
    server.pass(Duration.ofMinutes(2));
    server.purge.run();
    Task accepted = server.create(seen, "ASR");
    server.pass(Duration.ofHours(1));

    server.purge.run();

    assertThat(now(document)).isEqualTo(document);
    assertThat(server.now(accepted.id()).deleted()).isFalse();
  }

  @Test
  void aDocumentThatIsRegisteredAgainMeanwhileKeepsWhatWasJustBeingSubmitted() {
    server.pass(MONTHS);
    Document seen = now(document);
    server.retention.run();
    Task accepted = server.create(seen, "ASR");

    Document again = server.document("old");
    anHourOfPurging();

    assertThat(again.id()).isEqualTo(document.id());
    assertThat(now(again)).isEqualTo(again);
    assertThat(server.now(accepted.id()).deleted()).isFalse();
  }

  @Test
  void aDocumentThatWasDeletedIsLeftToThePurge() {
    server.documents.delete(document.id()).toCompletableFuture().join();
    server.pass(MONTHS);
    server.retention.run();
    assertThat(server.shared.expired).isZero();
    server.purge.run();
    assertThat(isThere(document)).isTrue();
  }

  @Test
  void aServerThatDiesInTheMiddleIsSucceededByOneThatGoesOn() {
    for (int i = 0; i < 5; i++) {
      done(server.document("old " + i), "ASR");
    }
    server.pass(MONTHS);
    for (int calls = 0; calls < 40; calls++) {
      int most = calls;
      int[] made = {0};
      InMemoryServer dying =
          new InMemoryServer(
              server.shared,
              (call, isAsynchronous, work) -> {
                if (made[0]++ >= most) {
                  throw new StoreUnavailable("dead");
                }
                return work.call();
              });
      try {
        dying.retention.run();
        dying.purge.run();
      } catch (RuntimeException dead) {
        assertThat(dead).hasStackTraceContaining("dead");
      }
    }
    InMemoryServer successor = server.successor();
    for (int i = 0; i < 4; i++) {
      successor.pass(Duration.ofHours(2));
      successor.overdue.run();
      successor.retention.run();
      successor.purge.run();
    }
    assertThat(server.shared.tasks.all()).isEmpty();
    assertThat(server.shared.documents.all()).isEmpty();
  }
}
