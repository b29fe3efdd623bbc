package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What those hear who listen at the desk. */
final class TaskListenerTest {

  private final TaskServiceFixture fixture = new TaskServiceFixture();
  private final List<String> heard = new ArrayList<>();
  private final List<Task> transitions = new ArrayList<>();
  private final TaskListener notes =
      new TaskListener() {
        @Override
        public void created(Task task) {
          heard.add("created " + task.state().number());
        }

        @Override
        public void moved(Task before, Command by, Task after) {
          heard.add(before.state().number() + " " + by.label() + " " + after.state().number());
          transitions.add(before);
          transitions.add(after);
        }

        @Override
        public void refused(Task task, Command command, Decision.Reason reason) {
          heard.add("refused " + command.label() + " " + reason);
        }
      };
  private final TaskService tasks = tasks(notes);

  private TaskService tasks(TaskListener... listeners) {
    return new TaskService(fixture.store, fixture, fixture::context, fixture, List.of(listeners));
  }

  private CompletableFuture<Decision> execute(TaskId id, Command command) {
    return tasks.execute(id, command).toCompletableFuture();
  }

  @Test
  void eachMoveIsHeardOnceAndInOrderThoughTheyShareAWrite() {
    TaskScenario scenario = TaskScenario.queued();
    TaskId id = fixture.given(scenario);
    fixture.store.hold();
    // The first is being written while the others come.
    execute(id, new Command.AddDependent(new TaskId("other")));
    execute(id, scenario.claim("c1"));
    execute(id, new Command.Heartbeat(scenario.task.attempt(), scenario.task.run(), "c1", "w"));
    execute(id, new Command.Retry("ann"));
    execute(id, new Command.Cancel("ann"));
    fixture.store.release();

    assertThat(fixture.store.writes).isEqualTo(2);
    assertThat(heard)
        .containsExactly(
            "202 add_dependent 202", "202 claim 102", "102 heartbeat 102", "102 cancel 102");
    for (int i = 2; i < transitions.size(); i += 2) {
      assertThat(transitions.get(i))
          .as("before, of move %s", i / 2)
          .isEqualTo(transitions.get(i - 1));
    }
    assertThat(transitions.get(transitions.size() - 1)).isEqualTo(fixture.store.task(id));
  }

  @Test
  void aNewTaskIsHeardOnceAlsoWhenTheAnswerToItsWriteGotLost() {
    Task task = TaskScenario.created().task;
    fixture.store.next(ScriptedTaskStore.ANSWER_LOST);
    assertThat(tasks.create(task).toCompletableFuture()).isCompletedExceptionally();
    assertThat(heard).isEmpty();

    tasks.create(task).toCompletableFuture().join();

    assertThat(heard).containsExactly("created 201");
  }

  @Test
  void whatIsDecidedAgainAfterAConflictIsHeardOnce() {
    TaskScenario scenario = TaskScenario.queued();
    TaskId id = fixture.given(scenario);
    fixture.store.meanwhile(
        () -> fixture.store.put(TaskSamples.changed(scenario.task, d -> d.failures++)));

    execute(id, scenario.claim("c1")).join();

    assertThat(heard).containsExactly("202 claim 102");
  }

  @Test
  void refusalsAreHeardWhetherTheyAreWrittenOrNot() {
    TaskId id = fixture.given(TaskScenario.done(0));
    execute(id, new Command.Cancel("ann")).join();
    execute(id, new Command.Complete(7, "stale", null, "worker", null, List.of())).join();

    assertThat(heard).containsExactly("refused cancel ILLEGAL", "refused complete STALE");
    assertThat(fixture.store.writes).as("a late answer is counted").isEqualTo(1);
  }

  @Test
  void whatTheStoreRefusesForGoodEndsTheTaskAndIsARefusal() {
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.given(scenario);
    fixture.store.refuseForGood(task -> task.state() == TaskState.SUCCESS);

    assertThat(execute(id, scenario.complete(0)).join().refused()).isTrue();

    assertThat(heard).containsExactly("102 unstorable 500", "refused complete ILLEGAL");
  }

  @Test
  void ofATaskThatIsDeletedTheRemovalIsTheLastMove() {
    TaskId id = fixture.given(TaskScenario.done(0));
    execute(id, new Command.Delete("ann")).join();
    Task deleted = fixture.store.task(id);
    execute(
            id,
            new Command.EffectsDone(
                deleted.outbox().stream()
                    .map(PendingEffect::id)
                    .collect(java.util.stream.Collectors.toSet())))
        .join();

    assertThat(fixture.store.has(id)).isFalse();
    assertThat(heard).containsExactly("200 delete 200", "200 effects_done 200");
    assertThat(transitions).extracting(Task::deleted).containsExactly(false, true, true, true);
    assertThat(transitions.get(3).outbox()).isEmpty();
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
    TaskService troubled = tasks(broken, notes);
    TaskScenario scenario = TaskScenario.queued();
    TaskId id = fixture.given(scenario);

    assertThat(troubled.execute(id, scenario.claim("c1")).toCompletableFuture().join().refused())
        .isFalse();

    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(heard).containsExactly("202 claim 102");
  }
}
