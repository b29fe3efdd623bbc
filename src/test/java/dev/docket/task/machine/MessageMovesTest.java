package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the broker's answers do. */
class MessageMovesTest {

  private static final Duration A_WEEK = Duration.ofDays(7);

  @Test
  void confirmedTaskIsQueuedAndNeedNotBePublished() {
    Scene scene = Scene.created().after(Duration.ofMillis(100));

    Task task = scene.moved(scene.confirm());

    assertThat(task.state()).isEqualTo(TaskState.QUEUED);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.queuedAt()).isEqualTo(Scene.START);
    assertThat(task.dispatchedAt()).isEqualTo(Scene.START);
  }

  @Test
  void resetTaskIsQueuedOnceConfirmed() {
    Scene scene = Scene.failed();
    scene.moved(new Command.MassReset("ann"));

    assertThat(scene.moved(scene.confirm()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void confirmAgainChangesNothing() {
    Scene scene = Scene.queued();

    scene.unchanged(scene.confirm());
  }

  @Test
  void confirmAfterTheClaimChangesNothing() {
    Scene scene = Scene.created().having(s -> s.claim("c1"));

    scene.unchanged(scene.confirm());
  }

  @Test
  void confirmAfterTheEndChangesNothing() {
    Scene scene = Scene.done(0);

    scene.unchanged(scene.confirm());
  }

  @Test
  void confirmOfAnEarlierRunChangesNothing() {
    Scene scene = Scene.created();
    Command late = scene.confirm();
    scene.moved(new Command.Reset("ann"));

    scene.unchanged(late);
  }

  @Test
  void confirmOfTheSameAttemptOfAnotherRunChangesNothing() {
    Scene.created().unchanged(new Command.Confirm(1, "another"));
  }

  @Test
  void unroutableTaskSaysForWhatThereIsNoQueue() {
    Scene scene = Scene.created();

    Task task = scene.moved(scene.noQueue());

    assertThat(task.state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.message()).contains("Video.ASR");
  }

  @Test
  void unroutableIsLegalFromQueued() {
    Scene scene = Scene.queued();

    assertThat(scene.moved(scene.noQueue()).state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
  }

  @Test
  void unroutableIsLegalFromReset() {
    Scene scene = Scene.failed();
    scene.moved(new Command.MassReset("ann"));

    assertThat(scene.moved(scene.noQueue()).state()).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
  }

  @Test
  void unroutableAgainChangesNothing() {
    Scene scene = Scene.unroutable();

    scene.unchanged(scene.noQueue());
  }

  @Test
  void unroutableAfterTheClaimChangesNothing() {
    Scene scene = Scene.running();

    scene.unchanged(scene.noQueue());
  }

  @Test
  void unroutableOfAnEarlierRunChangesNothing() {
    Scene scene = Scene.created();
    Command late = scene.noQueue();
    scene.moved(new Command.ForceRetry("ann"));

    scene.unchanged(late);
  }

  @Test
  void taskWithoutQueueIsQueuedOnceItIsConfirmed() {
    Scene scene = Scene.unroutable();

    assertThat(scene.moved(scene.confirm()).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void timeWithoutAQueueIsNoTimeInAQueue() {
    Scene scene = Scene.queued().having(Scene::noQueue).after(Duration.ofDays(30));

    Task task = scene.moved(scene.confirm());

    assertThat(task.queuedAt()).isEqualTo(scene.now);
    assertThat(task.unansweredAfter()).isEqualTo(scene.now.plus(A_WEEK));
  }

  @Test
  void whoeverIsQueuedIsGivenUpSomeDay() {
    assertThat(Scene.queued().task.unansweredAfter()).isEqualTo(Scene.START.plus(A_WEEK));
    assertThat(Scene.created(Scene.LATE).having(Scene::confirm).task.unansweredAfter())
        .isEqualTo(Scene.START.plus(A_WEEK));
  }

  @Test
  void confirmOfAMessageSentAgainDoesNotMoveItsDays() {
    Scene scene = Scene.queued().after(Duration.ofDays(1));
    scene.moved(new Command.Redispatch());

    Task task = scene.moved(scene.confirm());

    assertThat(task.outbox()).isEmpty();
    assertThat(task.dispatchedAt()).isEqualTo(scene.now);
    assertThat(task.queuedAt()).isEqualTo(Scene.START);
    assertThat(task.unansweredAfter()).isEqualTo(Scene.START.plus(A_WEEK));
  }
}
