package dev.docket.workerapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.TaskQueue;
import dev.docket.document.TargetType;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.wire.PollAnswer;
import dev.docket.wire.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class PollServiceTest implements TaskQueue, Policies {

  private final TaskService tasks =
      new TaskService(
          new MemoryTaskStore(),
          this,
          () -> TaskSamples.context(Instant.parse("2026-03-01T12:00:00Z")),
          (task, effects) -> {});
  private final Deque<List<Taken>> messages = new ArrayDeque<>();
  private final List<RunId> acknowledged = new ArrayList<>();
  private final List<RunId> givenBack = new ArrayList<>();
  private final PollService polls = new PollService(this, tasks, this);

  /** What a poll waits for where there are no messages; null: it does not wait. */
  private CompletableFuture<List<Taken>> none;

  @Override
  public Policy of(TaskKey key) {
    return TaskSamples.POLICY;
  }

  @Override
  public Policy of(Task task) {
    return TaskSamples.POLICY;
  }

  @Override
  public CompletionStage<List<Taken>> take(Collection<Route> routes, int max, Duration wait) {
    List<Taken> next = messages.poll();
    return next == null && none != null
        ? none
        : CompletableFuture.completedStage(next == null ? List.of() : next);
  }

  private RunId submitted() {
    Task task = tasks.create(TaskSamples.task("ASR")).toCompletableFuture().join();
    return new RunId(task.id().value(), task.attempt(), task.run());
  }

  private Taken message(RunId run) {
    return new Taken() {
      @Override
      public RunId run() {
        return run;
      }

      @Override
      public void acknowledge() {
        acknowledged.add(run);
      }

      @Override
      public void giveBack() {
        givenBack.add(run);
      }
    };
  }

  private List<PollAnswer.Granted> poll(String id) {
    return poll(id, Duration.ofSeconds(1)).join().tasks();
  }

  private CompletableFuture<PollAnswer> poll(String id, Duration patience) {
    return polls
        .poll(
            new PollService.Poll(
                id, Set.of(new TaskKey("ASR")), Set.of(TargetType.VIDEO), "w", 10, patience))
        .toCompletableFuture();
  }

  @Test
  void ofTwoMessagesOfOneRunThePollGetsTheTaskOnce() {
    RunId run = submitted();
    messages.add(List.of(message(run), message(run)));

    assertThat(poll("p"))
        .singleElement()
        .satisfies(granted -> assertThat(granted.run()).isEqualTo(run.run()));
    assertThat(acknowledged).containsExactly(run, run);
    assertThat(givenBack).isEmpty();
  }

  @Test
  void theSamePollAgainIsAnsweredAsBeforeAndAnotherGetsNoCopy() {
    RunId run = submitted();
    messages.add(List.of(message(run)));
    messages.add(List.of(message(run)));

    List<PollAnswer.Granted> first = poll("p");
    assertThat(poll("p")).isEqualTo(first).hasSize(1);
    assertThat(poll("q")).isEmpty();
    assertThat(acknowledged).containsExactly(run, run);
  }

  @Test
  void whoAsksAgainWithoutAWaitEndsWhatIsOpen() {
    none = new CompletableFuture<>();
    CompletableFuture<PollAnswer> open = poll("p", Duration.ofSeconds(20));
    assertThat(poll("p", Duration.ofSeconds(20))).isNotDone();
    assertThat(open).isNotDone();

    assertThat(poll("p", Duration.ZERO).join().tasks()).isEmpty();

    assertThat(none).isCancelled();
    assertThat(open.join().tasks()).isEmpty();
  }

  @Test
  void whatCameJustBeforeIsInTheAnswer() {
    RunId run = submitted();
    none = new CompletableFuture<>();
    CompletableFuture<PollAnswer> open = poll("p", Duration.ofSeconds(20));
    none.complete(List.of(message(run)));

    assertThat(poll("p", Duration.ZERO).join().tasks()).hasSize(1).isEqualTo(open.join().tasks());
    assertThat(acknowledged).containsExactly(run);
  }

  @Test
  void oneThatHasEndedTakesNoMoreAlsoIfWhatItGotWasStale() {
    RunId run = submitted();
    messages.add(List.of(message(run)));
    poll("first");
    none = new CompletableFuture<>();
    CompletableFuture<List<Taken>> stale = none;
    CompletableFuture<PollAnswer> open = poll("p", Duration.ofSeconds(20));
    none = new CompletableFuture<>();
    stale.complete(List.of(message(run)));
    assertThat(open).as("it waits for another").isNotDone();

    assertThat(poll("p", Duration.ZERO).join().tasks()).isEmpty();

    assertThat(none).isCancelled();
  }
}
