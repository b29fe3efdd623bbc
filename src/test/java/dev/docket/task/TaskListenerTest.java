package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.TaskScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Notifications of task listeners. */
final class TaskListenerTest {

  private final TaskServiceFixture fixture = new TaskServiceFixture();
  private final List<String> events = new ArrayList<>();
  private final List<Task> changes = new ArrayList<>();
  private final TaskListener recorder =
      new TaskListener() {
        @Override
        public void created(Task task) {
          events.add("created " + task.state().number());
        }

        @Override
        public void changed(Task before, Command by, Task after) {
          events.add(before.state().number() + " " + by.label() + " " + after.state().number());
          changes.add(before);
          changes.add(after);
        }

        @Override
        public void refused(Task task, Command command, Decision.Reason reason) {
          events.add("refused " + command.label() + " " + reason);
        }
      };
  private final TaskService tasks = tasks(recorder);

  private TaskService tasks(TaskListener... listeners) {
    return new TaskService(
        fixture.store,
        fixture,
        fixture::context,
        fixture,
        CurrentDocuments.NEVER_CHANGED,
        List.of(listeners));
  }

  private CompletableFuture<Decision> execute(TaskId id, Command command) {
    return tasks.execute(id, command).toCompletableFuture();
  }

  @Test
  void notifiesOfEachChangeOnceAndInOrderWithinOneWrite() {
    TaskScenario scenario = TaskScenario.queued();
    TaskId id = fixture.givenStored(scenario);
    fixture.store.holdWrites();
    // The first command is being written while the others arrive.
    execute(id, new Command.AddDependent(new TaskId("other")));
    execute(id, scenario.claim("c1"));
    execute(id, new Command.Heartbeat(new Reporter(scenario.task.run().ref(), "c1", "w")));
    execute(id, new Command.Retry("ann"));
    execute(id, new Command.Cancel("ann"));
    fixture.store.releaseWrites();

    assertThat(fixture.store.writes).isEqualTo(2);
    assertThat(events)
        .containsExactly(
            "202 add_dependent 202", "202 claim 102", "102 heartbeat 102", "102 cancel 102");
    for (int i = 2; i < changes.size(); i += 2) {
      assertThat(changes.get(i)).as("task before change %s", i / 2).isEqualTo(changes.get(i - 1));
    }
    assertThat(changes.get(changes.size() - 1)).isEqualTo(fixture.store.task(id));
  }

  @Test
  void notifiesOfNewTaskOnceAfterLostResponse() {
    Task task = TaskScenario.created().task;
    fixture.store.onNextWrite(ScriptedTaskStore.RESPONSE_LOST);
    assertThat(tasks.create(task).toCompletableFuture()).isCompletedExceptionally();
    assertThat(events).isEmpty();

    tasks.create(task).toCompletableFuture().join();

    assertThat(events).containsExactly("created 201");
  }

  @Test
  void notifiesOnceAfterConflict() {
    TaskScenario scenario = TaskScenario.queued();
    TaskId id = fixture.givenStored(scenario);
    fixture.store.beforeNextWrite(
        () ->
            fixture.store.put(
                TaskSamples.changed(scenario.task, builder -> builder.run.failures++)));

    execute(id, scenario.claim("c1")).join();

    assertThat(events).containsExactly("202 claim 102");
  }

  @Test
  void notifiesOfWrittenAndUnwrittenRefusals() {
    TaskId id = fixture.givenStored(TaskScenario.succeeded(0));
    execute(id, new Command.Cancel("ann")).join();
    execute(
            id,
            new Command.Complete(
                new Reporter(new RunRef(7, "stale"), null, "worker"),
                RunEnd.of(null),
                List.of(),
                null))
        .join();

    assertThat(events).containsExactly("refused cancel ILLEGAL", "refused complete STALE");
    assertThat(fixture.store.writes).as("a stale report is counted").isEqualTo(1);
  }

  @Test
  void permanentRejectionEndsTaskAndRefusesCommand() {
    TaskScenario scenario = TaskScenario.running();
    TaskId id = fixture.givenStored(scenario);
    fixture.store.rejectPermanently(task -> task.state() == TaskState.SUCCESS);

    assertThat(execute(id, scenario.complete(0)).join().refused()).isTrue();

    assertThat(events).containsExactly("102 unstorable 500", "refused complete ILLEGAL");
  }

  @Test
  void removalIsLastChangeOfDeletedTask() {
    TaskId id = fixture.givenStored(TaskScenario.succeeded(0));
    execute(id, new Command.Delete("ann")).join();
    Task deleted = fixture.store.task(id);
    execute(
            id,
            new Command.EffectsDone(
                deleted.outbox().stream()
                    .map(PendingEffect::id)
                    .collect(java.util.stream.Collectors.toSet())))
        .join();

    assertThat(fixture.store.contains(id)).isFalse();
    assertThat(events).containsExactly("200 delete 200", "200 effects_done 200");
    assertThat(changes).extracting(Task::deleted).containsExactly(false, true, true, true);
    assertThat(changes.get(3).outbox()).isEmpty();
  }

  @Test
  void failingListenerAffectsNothingElse() {
    TaskListener broken =
        new TaskListener() {
          @Override
          public void changed(Task before, Command by, Task after) {
            throw new IllegalStateException("broken");
          }
        };
    TaskService service = tasks(broken, recorder);
    TaskScenario scenario = TaskScenario.queued();
    TaskId id = fixture.givenStored(scenario);

    assertThat(service.execute(id, scenario.claim("c1")).toCompletableFuture().join().refused())
        .isFalse();

    assertThat(fixture.store.task(id).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(events).containsExactly("202 claim 102");
  }
}
