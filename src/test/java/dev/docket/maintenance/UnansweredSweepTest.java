package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.Census;
import dev.docket.document.DocumentSamples;
import dev.docket.task.MemoryTaskStore;
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

  private static final Duration DAYS = Duration.ofDays(7);

  private final MemoryTaskStore store = new MemoryTaskStore();
  private Instant now = DocumentSamples.CREATED;
  private Policy.AckMode ackMode = Policy.AckMode.ACKNOWLEDGES_LATE;
  private Census census = Census.NONE;
  private final TaskService tasks =
      new TaskService(store, new Rules(), this::context, (task, effects) -> {});

  private final class Rules implements Policies {
    @Override
    public Policy of(TaskKey key) {
      return new Policy(
          "x", ackMode, 2, Duration.ofSeconds(1), Duration.ofSeconds(9), 60, null, DAYS);
    }

    @Override
    public Policy of(Task task) {
      return of(task.key());
    }
  }

  private final class Settable extends Clock {
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

  /** One whose message the broker has. */
  private Task queued() {
    now = now.plusSeconds(1);
    Task task = join(tasks.create(TaskSamples.task(DocumentSamples.document(), "ASR", now)));
    execute(task, new Command.Confirm(task.attempt(), task.run()));
    return task;
  }

  private void execute(Task task, Command command) {
    Decision decision = join(tasks.execute(task.id(), command));
    assertThat(decision).isInstanceOf(Decision.Moved.class);
  }

  private void done(Task task) {
    now = now.plusSeconds(1);
    execute(task, new Command.Complete(task.attempt(), task.run(), null, "w", "", List.of()));
  }

  private Task later(Task task, Duration time) {
    now = now.plus(time);
    new UnansweredSweep(store, tasks, new Rules(), census, new Settable()).run();
    return join(tasks.get(task.id()));
  }

  private static Census listening(int consumers, String routingKey) {
    return () ->
        List.of(
            new Census.Queue("q", 1, 0, consumers, List.of(new Census.Binding("x", routingKey))));
  }

  @Test
  void nothingHappensBeforeItsTime() {
    Task task = queued();
    assertThat(later(task, DAYS.minusSeconds(10)).attempt()).isEqualTo(1);
  }

  @Test
  void theRunBeginsAnewAndCountsAsFailedUntilTheTaskEnds() {
    Task task = queued();
    Task again = later(task, DAYS);
    assertThat(again.state()).isEqualTo(TaskState.CREATED);
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.failures()).isEqualTo(1);

    execute(again, new Command.Confirm(again.attempt(), again.run()));
    Task ended = later(again, DAYS);
    assertThat(ended.state()).isEqualTo(TaskState.ERROR);
    assertThat(ended.message()).contains("no worker has answered");
  }

  @Test
  void whoIsBehindOthersInALongQueueIsLeftAlone() {
    Task first = queued();
    Task second = queued();
    assertThat(later(second, DAYS).attempt()).isEqualTo(1);
    assertThat(join(tasks.get(first.id())).attempt()).isEqualTo(2);
    assertThat(later(second, DAYS).attempt()).isEqualTo(1);
  }

  @Test
  void whoWasOvertakenHasFailed() {
    queued();
    Task second = queued();
    done(queued());
    assertThat(later(second, DAYS).failures()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, #.ASR, 0", "3, #.OCR, 0", "1, #.ASR, 1"})
  void whereNobodyListensNothingHasFailed(int consumers, String routingKey, int failures) {
    census = listening(consumers, routingKey);
    assertThat(later(queued(), DAYS).failures()).isEqualTo(failures);
  }

  @Test
  void workersThatClaimHaveNotFailedForNotBeingThere() {
    ackMode = Policy.AckMode.CLAIMS;
    assertThat(later(queued(), DAYS).failures()).isZero();
  }
}
