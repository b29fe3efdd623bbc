package dev.docket.dialect.dane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.dialect.dane.DaneStates.ShownTask;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.task.Dependency;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.RunTiming;
import dev.docket.task.machine.TaskBuilder;
import dev.docket.task.machine.TaskMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DaneStatesTest {

  private static final Policy DANE =
      new Policy(
          "dane",
          Policy.AckMode.ACKNOWLEDGES_LATE,
          1,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          Duration.ofMinutes(30),
          Duration.ofDays(7),
          10);

  private final MemoryTaskStore store = new MemoryTaskStore();
  private final DaneStates states = new DaneStates(store);
  private final Document document = DocumentSamples.document();

  private static Task of(Document document, String key) {
    return TaskSamples.task(document, key, DocumentSamples.CREATED);
  }

  private static Task in(Task task, TaskState state, String message) {
    TaskBuilder builder = new TaskBuilder(task, TaskSamples.context(task.updatedAt()));
    builder.state = state;
    builder.message = message;
    return builder.build();
  }

  private static Task answered(Task task, TaskState end, int answered) {
    return TaskMachine.apply(
            task,
            new Command.Fail(
                new Reporter(task.run().ref(), null, "dane"),
                end,
                new RunEnd("m", answered, RunTiming.UNKNOWN),
                List.of(),
                false),
            DANE,
            TaskSamples.context(task.updatedAt()))
        .task();
  }

  /** A 424 that was told how these ended. */
  private static Task blocked(Task task, Task... dependencies) {
    TaskBuilder builder = new TaskBuilder(task, TaskSamples.context(task.updatedAt()));
    builder.state = TaskState.FAILED_DEPENDENCY;
    List<Dependency> all = new ArrayList<>();
    for (Task dependency : dependencies) {
      TaskState end =
          dependency.state().isFinished() ? dependency.state() : TaskState.FAILED_DEPENDENCY;
      all.add(new Dependency(dependency.id(), dependency.key(), end, 1));
    }
    builder.dependsOn = all;
    return builder.build();
  }

  private static Task neededBy(Task task, TaskId dependent) {
    return TaskMachine.apply(
            task, new Command.AddDependent(dependent), DANE, TaskSamples.context(task.updatedAt()))
        .task();
  }

  private Task stored(Task task) {
    store.create(task).toCompletableFuture().join();
    return task;
  }

  private int shown(Task task) {
    return states.show(task).toCompletableFuture().join().state();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATED                | 201 | Created",
        "QUEUED                 | 102 | Queued",
        "PROCESSING             | 102 | Processing",
        "SUCCESS                | 200 | Success",
        "TASK_RESET             | 205 | Manual reset",
        "BAD_REQUEST            | 400 | ''",
        "ACCESS_DENIED          | 403 | ''",
        "NOT_FOUND              | 404 | ''",
        "TIMED_OUT              | 503 | Timed out",
        "UNFINISHED_DEPENDENCY  | 412 | Unfinished dependencies",
        "NO_ROUTE_TO_QUEUE      | 422 | Unroutable task",
        "FAILED_DEPENDENCY      | 500 | ''",
        "CANCELLED              | 500 | Cancelled",
        "ERROR                  | 500 | ''",
        "ERROR_INVALID_INPUT    | 502 | ''",
        "ERROR_PROXY            | 503 | ''",
      })
  void showsEveryStateWithNumberThatClientsKnow(TaskState state, int number, String message) {
    ShownTask shown = states.show(in(of(document, "ASR"), state, "")).toCompletableFuture().join();
    assertThat(shown.state()).isEqualTo(number);
    assertThat(shown.message()).isEqualTo(message);
    assertThat(DaneStates.candidates(number)).contains(state);
    ShownTask reason =
        states.show(in(of(document, "ASR"), state, "why")).toCompletableFuture().join();
    assertThat(reason.message()).endsWith("why");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 205, 299, 418, 422, 500, 999, Integer.MAX_VALUE})
  void showsNumberOfWorkerThatFailed(int number) {
    Task task = answered(of(document, "ASR"), TaskState.ERROR, number);
    assertThat(task.run().answeredState()).isEqualTo(number);
    assertThat(shown(task)).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_REQUEST,412",
    "ERROR,412",
    "ERROR_PROXY,412",
    "TIMED_OUT,412",
    "CANCELLED,412",
  })
  void showsFailedDependencyAsWaitingWhileFailureIsOnSameDocument(TaskState end, int number) {
    Task dependency = stored(in(of(document, "DEP"), end, ""));
    assertThat(shown(blocked(of(document, "ASR"), dependency))).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(ints = {205, 418, 422, 299})
  void showsFailedDependencyAsErrorIfNoClientKnowsItsNumber(int number) {
    Task dependency = stored(answered(of(document, "DEP"), TaskState.ERROR, number));
    assertThat(shown(blocked(of(document, "ASR"), dependency))).isEqualTo(500);
  }

  @Test
  void showsFailedDependencyAsErrorOnceItIsDeleted() {
    Task gone = in(of(document, "DEP"), TaskState.ERROR, "");
    assertThat(shown(blocked(of(document, "ASR"), gone))).isEqualTo(500);
    stored(TaskSamples.deleted(gone));
    assertThat(shown(blocked(of(document, "ASR"), gone))).isEqualTo(500);
  }

  @Test
  void showsFailedDependencyOfOtherDocumentAsError() {
    Task other = stored(in(of(DocumentSamples.document(), "DEP"), TaskState.ERROR, ""));
    assertThat(shown(blocked(of(document, "ASR"), other))).isEqualTo(500);
  }

  @Test
  void showsWaitingWhileDependencyRunsAgainAndWillWakeIt() {
    Task failed = in(of(document, "DEP"), TaskState.ERROR, "");
    Task task = blocked(of(document, "ASR"), failed);
    Task running = in(failed, TaskState.PROCESSING, "");
    stored(neededBy(running, task.id()));
    assertThat(shown(task)).isEqualTo(412);
  }

  @Test
  void showsErrorIfDependencyWasAssignedAgainAndWakesNobody() {
    Task failed = in(of(document, "DEP"), TaskState.ERROR, "");
    stored(in(failed, TaskState.PROCESSING, ""));
    assertThat(shown(blocked(of(document, "ASR"), failed))).isEqualTo(500);
  }

  @Test
  void followsChainOfFailedDependencies() {
    Task root = stored(in(of(document, "ROOT"), TaskState.NOT_FOUND, ""));
    Task middle = stored(blocked(of(document, "MIDDLE"), root));
    Task end = blocked(of(document, "END"), middle);
    assertThat(shown(middle)).isEqualTo(412);
    assertThat(shown(end)).isEqualTo(412);
  }

  @Test
  void showsOneErrorInChainWhoseRootIsGone() {
    Task root = in(of(document, "ROOT"), TaskState.NOT_FOUND, "");
    Task middle = stored(blocked(of(document, "MIDDLE"), root));
    Task end = blocked(of(document, "END"), middle);
    assertThat(shown(middle)).isEqualTo(500);
    assertThat(shown(end)).isEqualTo(412);
  }

  @Test
  void showsTasksThatWaitForEachOtherAsErrors() {
    Task a = of(document, "A");
    Task b = of(document, "B");
    Task c = of(document, "C");
    List<Task> circle = List.of(blocked(a, b), blocked(b, c), blocked(c, a));
    circle.forEach(this::stored);
    List<ShownTask> shown = states.show(circle).toCompletableFuture().join();
    assertThat(shown).extracting(ShownTask::state).containsOnly(500);
  }

  @Test
  void endsChainThatIsTooLong() {
    @Nullable Task before = stored(in(of(document, "ROOT"), TaskState.NOT_FOUND, ""));
    for (int i = 0; i < 50; i++) {
      before = stored(blocked(of(document, "LINK" + i), before));
    }
    assertThat(shown(before)).isEqualTo(500);
  }

  @Test
  void showsSeveralTasksInTheirOrder() {
    Task dependency = stored(in(of(document, "DEP"), TaskState.ERROR, ""));
    List<Task> tasks =
        List.of(
            in(of(document, "A"), TaskState.QUEUED, ""),
            blocked(of(document, "B"), dependency),
            dependency,
            new TaskBuilder(of(document, "C"), TaskSamples.context(DocumentSamples.CREATED))
                .build());
    assertThat(states.show(tasks).toCompletableFuture().join())
        .extracting(shown -> shown.task().key())
        .containsExactly(new TaskKey("A"), new TaskKey("B"), new TaskKey("DEP"), new TaskKey("C"));
    assertThat(states.show(List.of()).toCompletableFuture().join()).isEmpty();
  }
}
