package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks that are going: what is still done for them, and that nothing else is. */
class DeleteTest {

  private static final Command DELETE = new Command.Delete("ann");

  @Test
  void deletionTellsDependentsRevokesAndDeletesResults() {
    Scene scene = Scene.running();
    scene.moved(new Command.AddDependent(new TaskId("x")));
    scene.having(s -> s.complete(2)).moved(scene.effectDone(Effect.StoreResults.class));
    scene.moved(scene.effectDone(Effect.Wake.class));

    Task task = scene.after(Duration.ofSeconds(1)).moved(DELETE);

    assertThat(task.deletedAt()).isEqualTo(scene.now);
    assertThat(task.outbox())
        .extracting(PendingEffect::effect)
        .containsExactly(
            new Effect.Wake(),
            new Effect.Revoke(1),
            new Effect.DeleteResults(List.of(task.results())));
    assertThat(scene.lastMove().by()).isEqualTo("delete ann");
  }

  @Test
  void workerOfADeletedTaskHoldsNothing() {
    assertThat(Scene.running().moved(DELETE).lease()).isNull();
  }

  @Test
  void delayedTaskIsNotPublishedAfterItsDeletion() {
    Scene scene = Scene.createdFor(Scene.START.plus(Duration.ofDays(1)));

    scene.moved(DELETE);

    assertThat(scene.task.dueAt()).isNull();
    assertThat(scene.outbox(Effect.Publish.class)).isEmpty();
  }

  @Test
  void resultsThatWereStillToBeStoredAreDeletedInstead() {
    Scene scene = Scene.done(2);
    RunResults first = scene.task.results();
    scene.moved(new Command.Reset("ann"));
    scene.having(s -> s.claim("c1")).having(s -> s.complete(1));
    RunResults second = scene.task.results();

    scene.moved(DELETE);

    assertThat(scene.outbox(Effect.StoreResults.class)).isEmpty();
    assertThat(scene.outbox(Effect.DeleteResults.class))
        .containsExactly(new Effect.DeleteResults(List.of(first, second)));
  }

  @Test
  void resultsThatCameTooLateAreStillDeleted() {
    Scene scene = Scene.done(2);
    RunResults first = scene.task.results();
    scene.moved(new Command.Reset("ann"));
    scene.having(s -> s.claim("c1")).having(s -> s.complete(1));
    scene.moved(allOf(scene, Effect.StoreResults.class));

    scene.moved(DELETE);

    assertThat(scene.outbox(Effect.DeleteResults.class).get(0).results())
        .containsExactlyInAnyOrder(first, scene.task.results());
  }

  @Test
  void resultsThatAreStillToComeTooLateAreDeletedToo() {
    Scene scene = Scene.done(2);
    RunResults first = scene.task.results();
    scene.moved(new Command.Reset("ann"));
    scene.having(s -> s.claim("c1")).having(s -> s.complete(1));
    scene.moved(new Command.EffectsDone(Set.of(scene.task.outbox().get(1).id())));

    scene.moved(DELETE);

    assertThat(scene.outbox(Effect.DeleteResults.class).get(0).results())
        .containsExactlyInAnyOrder(first, scene.task.results());
  }

  private static Command allOf(Scene scene, Class<? extends Effect> kind) {
    return new Command.EffectsDone(
        scene.task.outbox().stream()
            .filter(pending -> kind.isInstance(pending.effect()))
            .map(PendingEffect::id)
            .collect(Collectors.toSet()));
  }

  @Test
  void taskWithoutResultsOrDependentsHasAnOutboxUntilItIsRemoved() {
    assertThat(Scene.created().moved(DELETE).outbox()).isNotEmpty();
  }

  @Test
  void deletionAgainChangesNothing() {
    Scene scene = Scene.queued();
    scene.moved(DELETE);

    scene.unchanged(DELETE);
  }

  @Test
  void brokersAnswersChangeNothing() {
    Scene scene = Scene.created();
    scene.moved(DELETE);

    scene.unchanged(scene.confirm());
    scene.unchanged(scene.noQueue());
  }

  static Stream<Scene.Said> anythingElse() {
    return Stream.of(
        s -> s.claim("c1"),
        Scene::heartbeat,
        s -> s.complete(1),
        s -> s.fail(TaskState.ERROR),
        s -> new Command.Retry("ann"),
        s -> new Command.ForceRetry("ann"),
        s -> new Command.Reset("ann"),
        s -> new Command.Cancel("ann"),
        s -> Scene.done(Scene.A, 1),
        s -> Scene.failed(Scene.A, 1),
        s -> new Command.AddDependent(new TaskId("x")),
        s -> new Command.Publish(),
        s -> new Command.Redispatch(),
        s -> new Command.LeaseLost(),
        s -> new Command.Unstorable("why"));
  }

  @ParameterizedTest
  @MethodSource("anythingElse")
  void anythingElseIsRefusedAndNotCounted(Scene.Said said) {
    Scene scene = Scene.running();
    scene.moved(DELETE);
    Task before = scene.task;

    assertThat(scene.refused(said.of(scene)).reason()).isEqualTo(Decision.Reason.GONE);
    assertThat(scene.task).isEqualTo(before);
  }

  @Test
  void whatItLeavesToDoCanBeTakenAndDone() {
    Scene scene = Scene.queued();
    scene.moved(DELETE);
    scene.after(Duration.ofMinutes(1));

    scene.moved(new Command.TakeOverdue(scene.now.plusSeconds(30)));
    scene.moved(
        new Command.EffectsDone(
            scene.task.outbox().stream().map(PendingEffect::id).collect(Collectors.toSet())));

    assertThat(scene.task.outbox()).isEmpty();
    assertThat(scene.task.deleted()).isTrue();
  }

  @Test
  void effectsFromBeforeTheDeletionAreNothingToIt() {
    Scene scene = Scene.done(1);
    String store = scene.pending(Effect.StoreResults.class).id();
    scene.moved(DELETE);

    scene.unchanged(new Command.EffectsDone(Set.of(store)));
  }
}
