package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Lease;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who waits for a task, and when they are told how it ended. */
class DependentsTest {

  @Test
  void newsThatItFailedAreNotToldAfterItHasComeBack() {
    Scene scene = Scene.waiting(OnDependencyFailure.FAIL, Scene.A);
    scene.moved(new Command.AddDependent(new TaskId("x")));
    scene.moved(Scene.failed(Scene.A, 1));

    scene.moved(Scene.done(Scene.A, 2));

    assertThat(scene.outbox(Effect.Wake.class)).isEmpty();
  }

  @Test
  void dependentIsListedOnce() {
    Scene scene = Scene.queued();
    scene.moved(new Command.AddDependent(new TaskId("x")));

    scene.unchanged(new Command.AddDependent(new TaskId("x")));

    assertThat(scene.task.dependents()).containsExactly(new TaskId("x"));
  }

  @Test
  void taskThatHasEndedTakesDependentsAndShowsItsEnd() {
    Scene scene = Scene.done(0);

    Decision decision = scene.tell(new Command.AddDependent(new TaskId("x")));

    assertThat(decision.task().state()).isEqualTo(TaskState.SUCCESS);
    assertThat(decision.task().dependents()).containsExactly(new TaskId("x"));
    assertThat(decision.task().outbox()).isEmpty();
  }

  @Test
  void ofMoreThanTwoHundredDependentsItOnlyKnowsThatThereAreMore() {
    Scene scene = Scene.queued();
    for (int i = 0; i < 200; i++) {
      scene.moved(new Command.AddDependent(new TaskId("x" + i)));
    }
    assertThat(scene.task.dependents()).hasSize(200);

    scene.moved(new Command.AddDependent(new TaskId("one-more")));

    assertThat(scene.task.dependents()).isEmpty();
    assertThat(scene.task.moreDependents()).isTrue();
    scene.unchanged(new Command.AddDependent(new TaskId("another")));
    scene.having(s -> s.claim("c1")).having(s -> s.complete(0));
    assertThat(scene.outbox(Effect.Wake.class)).hasSize(1);
  }

  @Test
  void aDependentIsNoSignOfLife() {
    Scene scene = Scene.running().after(Duration.ofSeconds(9));
    Lease lease = scene.task.lease();

    assertThat(scene.moved(new Command.AddDependent(new TaskId("x"))).lease()).isEqualTo(lease);
  }

  @Test
  void newRunTellsNobodyHowTheOldOneEnded() {
    Scene scene = Scene.running();
    scene.moved(new Command.AddDependent(new TaskId("x")));
    scene.moved(scene.fail(TaskState.ERROR));
    assertThat(scene.outbox(Effect.Wake.class)).hasSize(1);

    scene.moved(new Command.Retry("ann"));
    assertThat(scene.outbox(Effect.Wake.class)).isEmpty();

    scene.having(s -> s.claim("c1")).having(s -> s.complete(0));
    assertThat(scene.outbox(Effect.Wake.class)).hasSize(1);
  }
}
