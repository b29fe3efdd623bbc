package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the broker's answers do. */
class MessageTransitionsTest {

  private static final Duration A_WEEK = Duration.ofDays(7);

  @Test
  void confirmedTaskIsQueuedAndNeedNotBePublished() {
    TaskScenario scenario = TaskScenario.created().after(Duration.ofMillis(100));

    Task task = scenario.moved(scenario.confirm());

    assertThat(task.state()).isEqualTo(TaskState.QUEUED);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.queuedAt()).isEqualTo(TaskScenario.START);
    assertThat(task.dispatchedAt()).isEqualTo(TaskScenario.START);
  }

  @Test
  void resetTaskIsQueuedOnceConfirmed() {
    TaskScenario scenario = TaskScenario.failed();
    scenario.moved(new Command.MassReset("ann"));

    assertThat(scenario.moved(scenario.confirm()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void confirmAgainChangesNothing() {
    TaskScenario scenario = TaskScenario.queued();

    scenario.unchanged(scenario.confirm());
  }

  @Test
  void confirmAfterTheClaimChangesNothing() {
    TaskScenario scenario = TaskScenario.created().having(s -> s.claim("c1"));

    scenario.unchanged(scenario.confirm());
  }

  @Test
  void confirmAfterTheEndChangesNothing() {
    TaskScenario scenario = TaskScenario.done(0);

    scenario.unchanged(scenario.confirm());
  }

  @Test
  void confirmOfAnEarlierRunChangesNothing() {
    TaskScenario scenario = TaskScenario.created();
    Command late = scenario.confirm();
    scenario.moved(new Command.Reset("ann"));

    scenario.unchanged(late);
  }

  @Test
  void confirmOfTheSameAttemptOfAnotherRunChangesNothing() {
    TaskScenario.created().unchanged(new Command.Confirm(1, "another"));
  }

  @Test
  void unroutableTaskSaysForWhatThereIsNoQueue() {
    TaskScenario scenario = TaskScenario.created();

    Task task = scenario.moved(scenario.noQueue());

    assertThat(task.state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.message()).contains("Video.ASR");
  }

  @Test
  void unroutableIsLegalFromQueued() {
    TaskScenario scenario = TaskScenario.queued();

    assertThat(scenario.moved(scenario.noQueue()).state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
  }

  @Test
  void unroutableIsLegalFromReset() {
    TaskScenario scenario = TaskScenario.failed();
    scenario.moved(new Command.MassReset("ann"));

    assertThat(scenario.moved(scenario.noQueue()).state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
  }

  @Test
  void unroutableAgainChangesNothing() {
    TaskScenario scenario = TaskScenario.unroutable();

    scenario.unchanged(scenario.noQueue());
  }

  @Test
  void unroutableAfterTheClaimChangesNothing() {
    TaskScenario scenario = TaskScenario.running();

    scenario.unchanged(scenario.noQueue());
  }

  @Test
  void unroutableOfAnEarlierRunChangesNothing() {
    TaskScenario scenario = TaskScenario.created();
    Command late = scenario.noQueue();
    scenario.moved(new Command.ForceRetry("ann"));

    scenario.unchanged(late);
  }

  @Test
  void taskWithoutQueueIsQueuedOnceItIsConfirmed() {
    TaskScenario scenario = TaskScenario.unroutable();

    assertThat(scenario.moved(scenario.confirm()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void timeWithoutAQueueIsNoTimeInAQueue() {
    TaskScenario scenario =
        TaskScenario.queued().having(TaskScenario::noQueue).after(Duration.ofDays(30));

    Task task = scenario.moved(scenario.confirm());

    assertThat(task.queuedAt()).isEqualTo(scenario.now);
    assertThat(task.unansweredAfter()).isEqualTo(scenario.now.plus(A_WEEK));
  }

  @Test
  void whoeverIsQueuedIsGivenUpSomeDay() {
    assertThat(TaskScenario.queued().task.unansweredAfter())
        .isEqualTo(TaskScenario.START.plus(A_WEEK));
    assertThat(
            TaskScenario.created(TaskScenario.LATE)
                .having(TaskScenario::confirm)
                .task
                .unansweredAfter())
        .isEqualTo(TaskScenario.START.plus(A_WEEK));
  }

  @Test
  void confirmOfAMessageSentAgainDoesNotMoveItsDays() {
    TaskScenario scenario = TaskScenario.queued().after(Duration.ofDays(1));
    scenario.moved(new Command.Redispatch());

    Task task = scenario.moved(scenario.confirm());

    assertThat(task.outbox()).isEmpty();
    assertThat(task.dispatchedAt()).isEqualTo(scenario.now);
    assertThat(task.queuedAt()).isEqualTo(TaskScenario.START);
    assertThat(task.unansweredAfter()).isEqualTo(TaskScenario.START.plus(A_WEEK));
  }
}
