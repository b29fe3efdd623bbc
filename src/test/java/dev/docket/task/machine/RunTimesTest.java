package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A worker measures its runs; the time for which it only held the task counts as queued. */
class RunTimesTest {

  private static final Duration QUEUED = Duration.ofSeconds(7);

  private final TaskScenario scenario = TaskScenario.queued().advance(QUEUED);

  private Task end(RunTiming timing) {
    Task task = scenario.task;
    return scenario.assertChanged(
        new Command.Complete(
            new Reporter(task.run().ref(), "c1", "w"),
            new RunEnd("well", null, timing),
            List.of(),
            null));
  }

  private Task started(Long waitedMs) {
    Task task = scenario.task;
    return scenario.assertChanged(
        new Command.Started(new Reporter(task.run().ref(), "c1", "w"), waitedMs));
  }

  private static void assertTimes(Task task, Duration queued, Duration ran) {
    assertThat(task.run().queuedMs()).as("queued").isEqualTo(queued.toMillis());
    assertThat(task.run().runMs()).as("run").isEqualTo(ran.toMillis());
    assertThat(task.run().startedAt()).isEqualTo(TaskScenario.START.plus(queued));
  }

  @Test
  void timeInTheWorkersBufferCountsAsQueued() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofMillis(501));

    Task task = end(new RunTiming(480L, 3L));

    assertTimes(task, QUEUED.plusMillis(480), Duration.ofMillis(3));
    assertThat(task.run().finishedAt()).as("when the server learned it").isEqualTo(scenario.now);
  }

  @Test
  void reportedStartMovesTheStart() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofSeconds(3));
    Task running = started(2_000L);
    assertThat(running.run().startedAt()).isEqualTo(TaskScenario.START.plusSeconds(9));
    assertThat(running.run().queuedMs()).isEqualTo(9_000);
    assertThat(running.run().runMs()).as("unknown before the end").isNull();

    Task repeated = started(2_000L);
    assertThat(repeated.run().startedAt()).isEqualTo(running.run().startedAt());
    scenario.advance(Duration.ofSeconds(60));
    assertTimes(end(RunTiming.UNKNOWN), Duration.ofSeconds(9), Duration.ofSeconds(61));
  }

  @Test
  void onlyTheFirstStartCounts() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofSeconds(30));
    Task first = started(2_000L);
    scenario.advance(Duration.ofSeconds(30));
    assertThat(started(50_000L).run().startedAt()).isEqualTo(first.run().startedAt());
  }

  @Test
  void startWithoutMeasurementIsNow() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofSeconds(3));
    started(null);
    scenario.advance(Duration.ofSeconds(4));
    started(null);
    scenario.advance(Duration.ofSeconds(1));
    assertTimes(end(RunTiming.UNKNOWN), Duration.ofSeconds(10), Duration.ofSeconds(5));
  }

  @Test
  void durationAloneEndsAtTheReport() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofSeconds(30));
    assertTimes(end(new RunTiming(null, 5_000L)), Duration.ofSeconds(32), Duration.ofSeconds(5));
  }

  @Test
  void lateReportDoesNotLengthenTheRun() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofHours(3));
    assertTimes(end(new RunTiming(0L, 5_000L)), QUEUED, Duration.ofSeconds(5));
  }

  @Test
  void impossibleDurationsAreLimitedToTheTimeSinceTheClaim() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofSeconds(2));
    assertTimes(
        end(new RunTiming(Long.MAX_VALUE, Long.MAX_VALUE)), QUEUED.plusSeconds(2), Duration.ZERO);
  }

  @Test
  void negativeDurationsAreZero() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofSeconds(2));
    assertTimes(end(new RunTiming(-5L, Long.MIN_VALUE)), QUEUED, Duration.ZERO);
  }

  @Test
  void failureAndCancellationAreMeasuredToo() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofSeconds(2));
    Task task = scenario.task;
    Task failed =
        scenario.assertChanged(
            new Command.Fail(
                new Reporter(task.run().ref(), "c1", "w"),
                TaskState.ERROR,
                new RunEnd("broken", null, new RunTiming(500L, 1_000L)),
                List.of(),
                false));
    assertTimes(failed, QUEUED.plusMillis(500), Duration.ofSeconds(1));

    TaskScenario cancelled = TaskScenario.running();
    cancelled.assertChanged(new Command.Cancel("ann"));
    cancelled.advance(Duration.ofSeconds(9));
    Task ended =
        cancelled.assertChanged(
            new Command.CancelConfirmed(
                new Reporter(cancelled.task.run().ref(), "c1", "w"),
                new RunTiming(1_000L, 2_000L)));
    assertThat(ended.run().runMs()).isEqualTo(2_000);
  }

  @Test
  void retriedRunHasNoTimes() {
    scenario.apply(s -> s.claim("c1")).advance(Duration.ofSeconds(2));
    scenario.apply(s -> s.fail(TaskState.ERROR_PROXY));
    assertThat(scenario.task.run().runMs()).isNull();
    assertThat(scenario.task.run().queuedMs()).isNull();
    assertThat(scenario.task.run().startedAt()).isNull();
  }
}
