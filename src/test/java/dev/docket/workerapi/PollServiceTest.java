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
import dev.docket.wire.PollResponse;
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
  private final Deque<List<Delivery>> messages = new ArrayDeque<>();
  private final List<RunId> acknowledged = new ArrayList<>();
  private final List<RunId> givenBack = new ArrayList<>();
  private final PollService polls = new PollService(this, tasks, this);

  /** What a poll waits for if there are no messages; null if it does not wait. */
  private CompletableFuture<List<Delivery>> pending;

  @Override
  public Policy of(TaskKey key) {
    return TaskSamples.POLICY;
  }

  @Override
  public Policy of(Task task) {
    return TaskSamples.POLICY;
  }

  @Override
  public CompletionStage<List<Delivery>> take(Collection<Route> routes, int max, Duration wait) {
    List<Delivery> next = messages.poll();
    return next == null && pending != null
        ? pending
        : CompletableFuture.completedStage(next == null ? List.of() : next);
  }

  private RunId submitTask() {
    Task task = tasks.create(TaskSamples.task("ASR")).toCompletableFuture().join();
    return new RunId(task.id().value(), task.attempt(), task.run());
  }

  private Delivery message(RunId run) {
    return new Delivery() {
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

  private List<PollResponse.Granted> poll(String id) {
    return poll(id, Duration.ofSeconds(1)).join().tasks();
  }

  private CompletableFuture<PollResponse> poll(String id, Duration maxWait) {
    return polls
        .poll(
            new PollService.Poll(
                id, Set.of(new TaskKey("ASR")), Set.of(TargetType.VIDEO), "w", 10, maxWait))
        .toCompletableFuture();
  }

  @Test
  void returnsATaskOnceForTwoMessagesOfOneRun() {
    RunId run = submitTask();
    messages.add(List.of(message(run), message(run)));

    assertThat(poll("p"))
        .singleElement()
        .satisfies(granted -> assertThat(granted.run()).isEqualTo(run.run()));
    assertThat(acknowledged).containsExactly(run, run);
    assertThat(givenBack).isEmpty();
  }

  @Test
  void repeatedPollGetsTheSameResponseAndAnotherPollGetsNothing() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    messages.add(List.of(message(run)));

    List<PollResponse.Granted> first = poll("p");
    assertThat(poll("p")).isEqualTo(first).hasSize(1);
    assertThat(poll("q")).isEmpty();
    assertThat(acknowledged).containsExactly(run, run);
  }

  @Test
  void repeatedPollWithoutWaitEndsTheOpenPoll() {
    pending = new CompletableFuture<>();
    CompletableFuture<PollResponse> open = poll("p", Duration.ofSeconds(20));
    assertThat(poll("p", Duration.ofSeconds(20))).isNotDone();
    assertThat(open).isNotDone();

    assertThat(poll("p", Duration.ZERO).join().tasks()).isEmpty();

    assertThat(pending).isCancelled();
    assertThat(open.join().tasks()).isEmpty();
  }

  @Test
  void messagesThatArrivedBeforeTheEndAreReturned() {
    RunId run = submitTask();
    pending = new CompletableFuture<>();
    CompletableFuture<PollResponse> open = poll("p", Duration.ofSeconds(20));
    pending.complete(List.of(message(run)));

    assertThat(poll("p", Duration.ZERO).join().tasks()).hasSize(1).isEqualTo(open.join().tasks());
    assertThat(acknowledged).containsExactly(run);
  }

  @Test
  void endedPollTakesNoMoreMessagesAfterAStaleOne() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    poll("first");
    pending = new CompletableFuture<>();
    CompletableFuture<List<Delivery>> stale = pending;
    CompletableFuture<PollResponse> open = poll("p", Duration.ofSeconds(20));
    pending = new CompletableFuture<>();
    stale.complete(List.of(message(run)));
    assertThat(open).as("waits for another message").isNotDone();

    assertThat(poll("p", Duration.ZERO).join().tasks()).isEmpty();

    assertThat(pending).isCancelled();
  }
}
