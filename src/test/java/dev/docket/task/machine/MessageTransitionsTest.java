package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Transitions caused by the broker's confirms and returns. */
class MessageTransitionsTest {

  private static final Duration A_WEEK = Duration.ofDays(7);

  @Test
  void confirmQueuesTaskAndRemovesPublishEffect() {
    TaskScenario scenario = TaskScenario.created().advance(Duration.ofMillis(100));

    Task task = scenario.assertChanged(scenario.confirm());

    assertThat(task.state()).isEqualTo(TaskState.QUEUED);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.run().queuedAt()).isEqualTo(TaskScenario.START);
    assertThat(task.run().dispatchedAt()).isEqualTo(TaskScenario.START);
  }

  @Test
  void confirmQueuesResetTask() {
    TaskScenario scenario = TaskScenario.failed();
    scenario.assertChanged(new Command.MassReset("ann"));

    assertThat(scenario.assertChanged(scenario.confirm()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void confirmIsIdempotent() {
    TaskScenario scenario = TaskScenario.queued();

    scenario.assertUnchanged(scenario.confirm());
  }

  @Test
  void ignoresConfirmAfterClaim() {
    TaskScenario scenario = TaskScenario.created().apply(s -> s.claim("c1"));

    scenario.assertUnchanged(scenario.confirm());
  }

  @Test
  void ignoresConfirmAfterEnd() {
    TaskScenario scenario = TaskScenario.succeeded(0);

    scenario.assertUnchanged(scenario.confirm());
  }

  @Test
  void ignoresConfirmOfEarlierRun() {
    TaskScenario scenario = TaskScenario.created();
    Command stale = scenario.confirm();
    scenario.assertChanged(new Command.Reset("ann"));

    scenario.assertUnchanged(stale);
  }

  @Test
  void ignoresConfirmOfOtherRunOfSameAttempt() {
    TaskScenario.created().assertUnchanged(new Command.Confirm(new RunRef(1, "another")));
  }

  @Test
  void unroutableTaskNamesItsRoute() {
    TaskScenario scenario = TaskScenario.created();

    Task task = scenario.assertChanged(scenario.noRoute());

    assertThat(task.state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.message()).contains("Video.ASR");
  }

  @Test
  void queuedTaskMayBecomeUnroutable() {
    TaskScenario scenario = TaskScenario.queued();

    assertThat(scenario.assertChanged(scenario.noRoute()).state())
        .isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
  }

  @Test
  void resetTaskMayBecomeUnroutable() {
    TaskScenario scenario = TaskScenario.failed();
    scenario.assertChanged(new Command.MassReset("ann"));

    assertThat(scenario.assertChanged(scenario.noRoute()).state())
        .isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
  }

  @Test
  void unroutableIsIdempotent() {
    TaskScenario scenario = TaskScenario.unroutable();

    scenario.assertUnchanged(scenario.noRoute());
  }

  @Test
  void ignoresUnroutableAfterClaim() {
    TaskScenario scenario = TaskScenario.running();

    scenario.assertUnchanged(scenario.noRoute());
  }

  @Test
  void ignoresUnroutableOfEarlierRun() {
    TaskScenario scenario = TaskScenario.created();
    Command stale = scenario.noRoute();
    scenario.assertChanged(new Command.ForceRetry("ann"));

    scenario.assertUnchanged(stale);
  }

  @Test
  void confirmQueuesUnroutableTask() {
    TaskScenario scenario = TaskScenario.unroutable();

    assertThat(scenario.assertChanged(scenario.confirm()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void timeWithoutQueueDoesNotCountAsQueued() {
    TaskScenario scenario =
        TaskScenario.queued().apply(TaskScenario::noRoute).advance(Duration.ofDays(30));

    Task task = scenario.assertChanged(scenario.confirm());

    assertThat(task.run().queuedAt()).isEqualTo(scenario.now);
    assertThat(task.run().unansweredAfter()).isEqualTo(scenario.now.plus(A_WEEK));
  }

  @Test
  void queuedTaskHasUnansweredTimeout() {
    assertThat(TaskScenario.queued().task.run().unansweredAfter())
        .isEqualTo(TaskScenario.START.plus(A_WEEK));
    assertThat(
            TaskScenario.created(TaskScenario.LATE_ACK)
                .apply(TaskScenario::confirm)
                .task
                .run()
                .unansweredAfter())
        .isEqualTo(TaskScenario.START.plus(A_WEEK));
  }

  @Test
  void confirmOfRepublishedMessageKeepsUnansweredTimeout() {
    TaskScenario scenario = TaskScenario.queued().advance(Duration.ofDays(1));
    scenario.assertChanged(new Command.Redispatch());

    Task task = scenario.assertChanged(scenario.confirm());

    assertThat(task.outbox()).isEmpty();
    assertThat(task.run().dispatchedAt()).isEqualTo(scenario.now);
    assertThat(task.run().queuedAt()).isEqualTo(TaskScenario.START);
    assertThat(task.run().unansweredAfter()).isEqualTo(TaskScenario.START.plus(A_WEEK));
  }
}
