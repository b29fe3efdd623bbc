package dev.docket.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.task.machine.TaskBuilder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class JobPhaseTest {

  private static final Map<TaskState, JobPhase> OF_FIRST_RUN =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(TaskState.PROCESSING, JobPhase.STARTED),
              Map.entry(TaskState.SUCCESS, JobPhase.SUCCEEDED),
              Map.entry(TaskState.CREATED, JobPhase.PENDING),
              Map.entry(TaskState.QUEUED, JobPhase.PENDING),
              Map.entry(TaskState.TASK_RESET, JobPhase.PENDING),
              Map.entry(TaskState.BAD_REQUEST, JobPhase.FAILED),
              Map.entry(TaskState.ACCESS_DENIED, JobPhase.FAILED),
              Map.entry(TaskState.NOT_FOUND, JobPhase.FAILED),
              Map.entry(TaskState.TIMED_OUT, JobPhase.TIMED_OUT),
              Map.entry(TaskState.UNFINISHED_DEPENDENCY, JobPhase.WAITING),
              Map.entry(TaskState.NO_ROUTE_TO_QUEUE, JobPhase.UNROUTABLE),
              Map.entry(TaskState.FAILED_DEPENDENCY, JobPhase.DEPENDENCY_FAILED),
              Map.entry(TaskState.CANCELLED, JobPhase.CANCELLED),
              Map.entry(TaskState.ERROR, JobPhase.FAILED),
              Map.entry(TaskState.ERROR_INVALID_INPUT, JobPhase.FAILED),
              Map.entry(TaskState.ERROR_PROXY, JobPhase.FAILED)));

  private static Task task(TaskState state, Consumer<TaskBuilder> change) {
    Task created = TaskSamples.task("ASR");
    TaskBuilder builder = new TaskBuilder(created, TaskSamples.context(created.updatedAt()));
    builder.state = state;
    change.accept(builder);
    return builder.build();
  }

  @ParameterizedTest
  @EnumSource
  void eachStateHasItsPhase(TaskState state) {
    assertThat(JobPhase.of(task(state, task -> {}))).isEqualTo(OF_FIRST_RUN.get(state));
  }

  @ParameterizedTest
  @EnumSource
  void deletedTaskIsExpired(TaskState state) {
    assertThat(JobPhase.of(task(state, task -> task.deletedAt = task.now())))
        .isEqualTo(JobPhase.EXPIRED);
  }

  @ParameterizedTest
  @EnumSource
  void failedRunsMatterOnlyWhileTheNextOneWaits(TaskState state) {
    assertThat(JobPhase.of(task(state, task -> task.run.failures = 1)))
        .isEqualTo(state == TaskState.CREATED ? JobPhase.RETRYING : OF_FIRST_RUN.get(state));
  }

  @ParameterizedTest
  @EnumSource
  void reportsMatterOnlyWhileTheTaskRuns(TaskState state) {
    for (String stage : new String[] {"fetching", "storing", "retrying", "aligning"}) {
      JobPhase phase =
          JobPhase.of(
              task(
                  state,
                  task -> {
                    task.run.stage = stage;
                    task.run.progress = 40;
                  }));
      if (state == TaskState.PROCESSING) {
        assertThat(phase).isNotEqualTo(JobPhase.STARTED);
      } else {
        assertThat(phase).isEqualTo(OF_FIRST_RUN.get(state));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    ",,STARTED",
    ",0,PROGRESS",
    "aligning,,STARTED",
    "aligning,40,PROGRESS",
    "fetching,,FETCHING",
    "Fetching,40,FETCHING",
    "storing,100,STORING",
    "retrying,40,WORKER_RETRYING"
  })
  void stageOfRunPrecedesItsPercentage(String stage, Integer progress, JobPhase phase) {
    Task task =
        task(
            TaskState.PROCESSING,
            running -> {
              running.run.stage = stage;
              running.run.progress = progress;
            });
    assertThat(JobPhase.of(task)).isEqualTo(phase);
  }

  @Test
  void everyPhaseIsReached() {
    Set<JobPhase> reached = EnumSet.copyOf(OF_FIRST_RUN.values());
    reached.addAll(
        EnumSet.of(
            JobPhase.EXPIRED,
            JobPhase.RETRYING,
            JobPhase.PROGRESS,
            JobPhase.FETCHING,
            JobPhase.STORING,
            JobPhase.WORKER_RETRYING));
    assertThat(reached).containsExactlyInAnyOrder(JobPhase.values());
  }

  @Test
  void failureHasNumberOfWorkerOrState() {
    assertThat(JobPhase.failureCode(task(TaskState.NOT_FOUND, task -> {}))).isEqualTo(404);
    assertThat(JobPhase.failureCode(task(TaskState.ERROR, task -> task.run.answeredState = 418)))
        .isEqualTo(418);
    assertThat(
            Arrays.stream(TaskState.values())
                .filter(state -> OF_FIRST_RUN.get(state) != JobPhase.FAILED)
                .map(state -> task(state, task -> task.run.answeredState = 200)))
        .allMatch(task -> JobPhase.failureCode(task) == null);
  }
}
