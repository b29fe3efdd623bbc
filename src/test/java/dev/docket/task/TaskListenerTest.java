package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What those hear who listen at the desk. */
final class TaskListenerTest {

  private final Desk desk = new Desk();
  private final List<String> heard = new ArrayList<>();
  private final List<Task> moves = new ArrayList<>();
  private final TaskListener notes =
      new TaskListener() {
        @Override
        public void created(Task task) {
          heard.add("created " + task.state().number());
        }

        @Override
        public void moved(Task before, Command by, Task after) {
          heard.add(before.state().number() + " " + by.word() + " " + after.state().number());
          moves.add(before);
          moves.add(after);
        }

        @Override
        public void refused(Task task, Command command, Decision.Reason reason) {
          heard.add("refused " + command.word() + " " + reason);
        }
      };
  private final Tasks tasks = tasks(notes);

  private Tasks tasks(TaskListener... listeners) {
    return new Tasks(desk.store, desk, desk::moment, desk, List.of(listeners));
  }

  private CompletableFuture<Decision> tell(TaskId id, Command command) {
    return tasks.tell(id, command).toCompletableFuture();
  }

  @Test
  void eachMoveIsHeardOnceAndInOrderThoughTheyShareAWrite() {
    Scene scene = Scene.queued();
    TaskId id = desk.given(scene);
    desk.store.hold();
    // The first is being written while the others come.
    tell(id, new Command.AddDependent(new TaskId("other")));
    tell(id, scene.claim("c1"));
    tell(id, new Command.Heartbeat(scene.task.attempt(), scene.task.run(), "c1", "w"));
    tell(id, new Command.Retry("ann"));
    tell(id, new Command.Cancel("ann"));
    desk.store.release();

    assertThat(desk.store.writes).isEqualTo(2);
    assertThat(heard)
        .containsExactly(
            "202 add_dependent 202", "202 claim 102", "102 heartbeat 102", "102 cancel 102");
    for (int i = 2; i < moves.size(); i += 2) {
      assertThat(moves.get(i)).as("before, of move %s", i / 2).isEqualTo(moves.get(i - 1));
    }
    assertThat(moves.get(moves.size() - 1)).isEqualTo(desk.store.task(id));
  }

  @Test
  void aNewTaskIsHeardOnceAlsoWhenTheAnswerToItsWriteGotLost() {
    Task task = Scene.created().task;
    desk.store.next(ScriptedTaskStore.ANSWER_LOST);
    assertThat(tasks.create(task).toCompletableFuture()).isCompletedExceptionally();
    assertThat(heard).isEmpty();

    tasks.create(task).toCompletableFuture().join();

    assertThat(heard).containsExactly("created 201");
  }

  @Test
  void whatIsDecidedAgainAfterAConflictIsHeardOnce() {
    Scene scene = Scene.queued();
    TaskId id = desk.given(scene);
    desk.store.meanwhile(() -> desk.store.put(TaskSamples.changed(scene.task, d -> d.failures++)));

    tell(id, scene.claim("c1")).join();

    assertThat(heard).containsExactly("202 claim 102");
  }

  @Test
  void refusalsAreHeardWhetherTheyAreWrittenOrNot() {
    TaskId id = desk.given(Scene.done(0));
    tell(id, new Command.Cancel("ann")).join();
    tell(id, new Command.Complete(7, "stale", null, "worker", null, List.of())).join();

    assertThat(heard).containsExactly("refused cancel ILLEGAL", "refused complete STALE");
    assertThat(desk.store.writes).as("a late answer is counted").isEqualTo(1);
  }

  @Test
  void whatTheStoreRefusesForGoodEndsTheTaskAndIsARefusal() {
    Scene scene = Scene.running();
    TaskId id = desk.given(scene);
    desk.store.refuseForGood(task -> task.state() == TaskState.SUCCESS);

    assertThat(tell(id, scene.complete(0)).join().refused()).isTrue();

    assertThat(heard).containsExactly("102 unstorable 500", "refused complete ILLEGAL");
  }

  @Test
  void ofATaskThatIsDeletedTheRemovalIsTheLastMove() {
    TaskId id = desk.given(Scene.done(0));
    tell(id, new Command.Delete("ann")).join();
    Task deleted = desk.store.task(id);
    tell(
            id,
            new Command.EffectsDone(
                deleted.outbox().stream()
                    .map(PendingEffect::id)
                    .collect(java.util.stream.Collectors.toSet())))
        .join();

    assertThat(desk.store.has(id)).isFalse();
    assertThat(heard).containsExactly("200 delete 200", "200 effects_done 200");
    assertThat(moves).extracting(Task::deleted).containsExactly(false, true, true, true);
    assertThat(moves.get(3).outbox()).isEmpty();
  }

  @Test
  void aListenerThatFailsStopsNothingAndNobody() {
    TaskListener broken =
        new TaskListener() {
          @Override
          public void moved(Task before, Command by, Task after) {
            throw new IllegalStateException("broken");
          }
        };
    Tasks troubled = tasks(broken, notes);
    Scene scene = Scene.queued();
    TaskId id = desk.given(scene);

    assertThat(troubled.tell(id, scene.claim("c1")).toCompletableFuture().join().refused())
        .isFalse();

    assertThat(desk.store.task(id).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(heard).containsExactly("202 claim 102");
  }
}
