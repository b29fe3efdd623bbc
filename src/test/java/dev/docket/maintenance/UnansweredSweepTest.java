package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.Census;
import dev.docket.document.DocumentSamples;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.NoOutbox;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnansweredSweepTest {

  private static final Duration UNANSWERED_AFTER = Duration.ofDays(7);

  private final MemoryTaskStore store = new MemoryTaskStore();
  private Instant now = DocumentSamples.CREATED;
  private Policy.AckMode ackMode = Policy.AckMode.ACKNOWLEDGES_LATE;
  private Census census = Census.NONE;
  private final TaskService tasks =
      new TaskService(
          store,
          new TestPolicies(),
          this::context,
          new NoOutbox(),
          CurrentDocuments.NEVER_CHANGED,
          List.of());

  private final class TestPolicies implements Policies {
    @Override
    public Policy of(TaskKey key) {
      return new Policy(
          "x",
          ackMode,
          2,
          Duration.ofSeconds(1),
          Duration.ofSeconds(9),
          60,
          null,
          UNANSWERED_AFTER,
          10);
    }

    @Override
    public Policy of(Task task) {
      return of(task.key());
    }
  }

  private final class SettableClock extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private DecisionContext context() {
    return TaskSamples.context(now);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** Creates a task whose message the broker has confirmed. */
  private Task queued() {
    now = now.plusSeconds(1);
    Task task = join(tasks.create(TaskSamples.task(DocumentSamples.document(), "ASR", now)));
    execute(task, new Command.Confirm(task.run().ref()));
    return task;
  }

  private void execute(Task task, Command command) {
    Decision decision = join(tasks.execute(task.id(), command));
    assertThat(decision).isInstanceOf(Decision.Changed.class);
  }

  private void complete(Task task) {
    now = now.plusSeconds(1);
    execute(
        task,
        new Command.Complete(
            new Reporter(task.run().ref(), null, "w"), RunEnd.of(""), List.of(), null));
  }

  private Task runSweepAfter(Duration time, Task task) {
    now = now.plus(time);
    new UnansweredSweep(store, tasks, new TestPolicies(), census, new SettableClock()).run();
    return join(tasks.get(task.id()));
  }

  private static Census census(int consumers, String routingKey) {
    return () ->
        List.of(
            new Census.Queue(
                "q",
                1,
                0,
                consumers,
                List.of(new Census.Binding("x", routingKey)),
                true,
                List.of()));
  }

  @Test
  void keepsRunBeforeItIsDue() {
    Task task = queued();
    assertThat(runSweepAfter(UNANSWERED_AFTER.minusSeconds(10), task).run().attempt()).isEqualTo(1);
  }

  @Test
  void startsNewRunsUntilAttemptsAreExhausted() {
    Task task = queued();
    Task retried = runSweepAfter(UNANSWERED_AFTER, task);
    assertThat(retried.state()).isEqualTo(TaskState.CREATED);
    assertThat(retried.run().attempt()).isEqualTo(2);
    assertThat(retried.run().failures()).isEqualTo(1);

    execute(retried, new Command.Confirm(retried.run().ref()));
    Task ended = runSweepAfter(UNANSWERED_AFTER, retried);
    assertThat(ended.state()).isEqualTo(TaskState.ERROR);
    assertThat(ended.message()).contains("no worker replied");
  }

  @Test
  void keepsRunBehindOlderTask() {
    Task first = queued();
    Task second = queued();
    assertThat(runSweepAfter(UNANSWERED_AFTER, second).run().attempt()).isEqualTo(1);
    assertThat(join(tasks.get(first.id())).run().attempt()).isEqualTo(2);
    assertThat(runSweepAfter(UNANSWERED_AFTER, second).run().attempt()).isEqualTo(1);
  }

  @Test
  void overtakenRunCountsAsFailure() {
    queued();
    Task second = queued();
    complete(queued());
    assertThat(runSweepAfter(UNANSWERED_AFTER, second).run().failures()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, #.ASR, 0", "3, #.OCR, 0", "1, #.ASR, 1"})
  void runWithoutConsumersIsNoFailure(int consumers, String routingKey, int failures) {
    census = census(consumers, routingKey);
    assertThat(runSweepAfter(UNANSWERED_AFTER, queued()).run().failures()).isEqualTo(failures);
  }

  @Test
  void missingClaimIsNoFailure() {
    ackMode = Policy.AckMode.CLAIMS;
    assertThat(runSweepAfter(UNANSWERED_AFTER, queued()).run().failures()).isZero();
  }
}
