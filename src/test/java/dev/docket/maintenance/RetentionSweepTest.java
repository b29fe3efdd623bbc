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
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.TaskMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RetentionSweepTest {

  private static final Duration TWO_MONTHS = Duration.ofDays(61);

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Document document = server.document("old");

  private Task createCompleted(Document document, String key) {
    return complete(server.create(document, key));
  }

  private Task complete(Task task) {
    server.execute(
        task.id(),
        Command.Claim.byWorker(new Reporter(new RunRef(1, task.run().token()), "c", "w"), null));
    server.execute(
        task.id(),
        new Command.Complete(
            new Reporter(new RunRef(1, task.run().token()), "c", "w"),
            RunEnd.of("done"),
            List.of(),
            null));
    assertThat(server.task(task.id()).state()).isEqualTo(TaskState.SUCCESS);
    return server.task(task.id());
  }

  private boolean exists(TaskId id) {
    return server.shared.tasks.find(id).toCompletableFuture().join().isPresent();
  }

  private boolean exists(Document document) {
    return server.shared.documents.find(document.id()).toCompletableFuture().join().isPresent();
  }

  private Document now(Document document) {
    return server.documents.get(document.id()).toCompletableFuture().join();
  }

  private void assertDeleted(Document document) {
    assertThatThrownBy(() -> now(document)).hasCauseInstanceOf(DocumentNotFound.class);
  }

  /** Runs the purge sweep until the tombstone is removed. */
  private void purgeForOneHour() {
    server.purge.run();
    server.advanceClock(Duration.ofMinutes(2));
    server.purge.run();
    server.advanceClock(Duration.ofHours(1));
    server.purge.run();
  }

  @Test
  void deletesExpiredTaskWithItsResults() {
    Task task = server.create(document, "ASR");
    ResultDraft result = new ResultDraft(TextNode.valueOf("words"), Map.of());
    server.execute(
        task.id(),
        Command.Claim.byWorker(new Reporter(new RunRef(1, task.run().token()), "c", "w"), null));
    server.execute(
        task.id(),
        new Command.Complete(
            new Reporter(new RunRef(1, task.run().token()), "c", "w"),
            RunEnd.of("done"),
            List.of(result),
            null));
    assertThat(server.shared.results.all()).hasSize(1);
    server.advanceClock(Duration.ofDays(29));
    server.retention.run();
    assertThat(exists(task.id())).isTrue();

    server.advanceClock(Duration.ofDays(2));
    server.retention.run();

    assertThat(exists(task.id())).isFalse();
    assertThat(server.shared.results.all()).isEmpty();
    assertThat(now(document)).as("not expired yet").isEqualTo(document);
  }

  @Test
  void keepsOpenTaskOfAnyAge() {
    Task open = server.create(document, "ASR");
    server.advanceClock(TWO_MONTHS);
    server.retention.run();
    assertThat(server.task(open.id()).deleted()).isFalse();
    assertThat(now(document)).isEqualTo(document);
  }

  @Test
  void keepsTaskThatIsRetriedConcurrently() {
    Task task = createCompleted(document, "ASR");
    server.advanceClock(TWO_MONTHS);
    var found = server.shared.tasks.find(task.id()).toCompletableFuture().join().orElseThrow();
    server.execute(task.id(), new Command.ForceRetry("ann"));

    server.tasks.execute(found, new Command.Expire()).toCompletableFuture().join();
    server.retention.run();

    assertThat(server.task(task.id()).deleted()).isFalse();
  }

  @Test
  void keepsTaskWithPendingEffects() {
    Task task = server.create(document, "ASR");
    server.execute(
        task.id(),
        Command.Claim.byWorker(new Reporter(new RunRef(1, task.run().token()), "c", "w"), null));
    ResultDraft result = new ResultDraft(TextNode.valueOf("words"), Map.of());
    Task ended =
        TaskMachine.apply(
                server.task(task.id()),
                new Command.Complete(
                    new Reporter(new RunRef(1, task.run().token()), "c", "w"),
                    RunEnd.of("done"),
                    List.of(result),
                    null),
                InMemoryServer.POLICY,
                server.context())
            .task();
    assertThat(ended.outbox()).isNotEmpty();

    assertThat(
            TaskMachine.apply(ended, new Command.Expire(), InMemoryServer.POLICY, server.context()))
        .isEqualTo(new Decision.Unchanged(ended));
  }

  @Test
  void keepsTaskUntilItsDependentHasEnded() {
    Task first = createCompleted(document, "FIRST");
    Task second = server.create(document, "SECOND");
    Task both =
        server
            .submit(
                document,
                "BOTH",
                List.of(
                    new Effect.NeededTask(first.id(), first.key(), null),
                    new Effect.NeededTask(second.id(), second.key(), null)),
                OnDependencyFailure.FAIL)
            .toCompletableFuture()
            .join();
    server.advanceClock(TWO_MONTHS);
    server.retention.run();
    server.waiting.run();
    assertThat(exists(first.id())).isTrue();
    assertThat(server.task(both.id()).state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);

    complete(server.task(second.id()));
    assertThat(server.task(both.id()).state()).isEqualTo(TaskState.QUEUED);
    server.retention.run();

    assertThat(exists(first.id())).isFalse();
    assertThat(server.task(both.id()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void continuesAfterPageOfTasksThatMustStay() {
    List<Effect.NeededTask> needed = new ArrayList<>();
    for (int i = 0; i < RetentionSweep.PAGE_SIZE; i++) {
      Task task = createCompleted(document, "NEEDED" + i);
      needed.add(new Effect.NeededTask(task.id(), task.key(), null));
    }
    TaskKey open = new TaskKey("OPEN");
    needed.add(new Effect.NeededTask(server.create(document, "OPEN").id(), open, null));
    server.submit(document, "ALL", needed, OnDependencyFailure.FAIL).toCompletableFuture().join();
    server.advanceClock(Duration.ofSeconds(1));
    Task after = createCompleted(document, "AFTER");
    server.advanceClock(TWO_MONTHS);

    server.retention.run();

    assertThat(exists(after.id())).isFalse();
    assertThat(exists(needed.get(0).id())).isTrue();
  }

  @Test
  void runIsBoundedAndNextRunContinues() {
    int maxTasks = RetentionSweep.PAGE_SIZE * RetentionSweep.MAX_PAGES;
    for (int i = 0; i < maxTasks + 1; i++) {
      createCompleted(document, "OLD" + i);
    }
    server.advanceClock(TWO_MONTHS);

    server.retention.run();
    assertThat(server.shared.tasks.all()).hasSize(1);
    server.retention.run();

    assertThat(server.shared.tasks.all()).isEmpty();
  }

  @Test
  void deletesExpiredDocumentWithoutTasks() {
    Task task = createCompleted(document, "ASR");
    server.advanceClock(TWO_MONTHS);
    Document young = server.document("young");
    server.retention.run();
    assertThat(exists(task.id())).isFalse();
    server.retention.run();
    assertDeleted(document);
    assertThat(server.shared.expired).isEqualTo(1);
    assertThat(now(young)).isEqualTo(young);

    purgeForOneHour();

    assertThat(exists(document)).isFalse();
    assertThat(exists(young)).isTrue();
  }

  @Test
  void restoresDocumentWithConcurrentlySubmittedTask() {
    server.advanceClock(TWO_MONTHS);
    Document seen = now(document);
    server.retention.run();
    assertDeleted(document);
    Task accepted = server.create(seen, "ASR");

    server.purge.run();

    assertThat(now(document)).as("restored unchanged").isEqualTo(document);
    assertThat(server.task(accepted.id()).deleted()).isFalse();
    purgeForOneHour();
    assertThat(server.task(accepted.id()).deleted()).isFalse();
    assertThat(now(document)).isEqualTo(document);
  }

  @Test
  void lastPurgeFindsLateSubmission() {
    server.advanceClock(TWO_MONTHS);
    Document seen = now(document);
    server.retention.run();
    server.purge.run();
    server.advanceClock(Duration.ofMinutes(2));
    server.purge.run();
    Task accepted = server.create(seen, "ASR");
    server.advanceClock(Duration.ofHours(1));

    server.purge.run();

    assertThat(now(document)).isEqualTo(document);
    assertThat(server.task(accepted.id()).deleted()).isFalse();
  }

  @Test
  void reregisteredDocumentKeepsConcurrentlySubmittedTask() {
    server.advanceClock(TWO_MONTHS);
    Document seen = now(document);
    server.retention.run();
    Task accepted = server.create(seen, "ASR");

    Document reregistered = server.document("old");
    purgeForOneHour();

    assertThat(reregistered.id()).isEqualTo(document.id());
    assertThat(now(reregistered)).isEqualTo(reregistered);
    assertThat(server.task(accepted.id()).deleted()).isFalse();
  }

  @Test
  void ignoresDeletedDocument() {
    server.documents.delete(document.id()).toCompletableFuture().join();
    server.advanceClock(TWO_MONTHS);
    server.retention.run();
    assertThat(server.shared.expired).isZero();
    server.purge.run();
    assertThat(exists(document)).isTrue();
  }

  @Test
  void successorContinuesAfterCrashAtAnyCall() {
    for (int i = 0; i < 5; i++) {
      createCompleted(server.document("old " + i), "ASR");
    }
    server.advanceClock(TWO_MONTHS);
    for (int calls = 0; calls < 40; calls++) {
      int maxCalls = calls;
      int[] made = {0};
      InMemoryServer crashing =
          new InMemoryServer(
              server.shared,
              (call, isAsynchronous, work) -> {
                if (made[0]++ >= maxCalls) {
                  throw new StoreUnavailable("crashed");
                }
                return work.call();
              });
      try {
        crashing.retention.run();
        crashing.purge.run();
      } catch (RuntimeException e) {
        assertThat(e).hasStackTraceContaining("crashed");
      }
    }
    InMemoryServer successor = server.successor();
    for (int i = 0; i < 4; i++) {
      successor.advanceClock(Duration.ofHours(2));
      successor.overdue.run();
      successor.retention.run();
      successor.purge.run();
    }
    assertThat(server.shared.tasks.all()).isEmpty();
    assertThat(server.shared.documents.all()).isEmpty();
  }
}
