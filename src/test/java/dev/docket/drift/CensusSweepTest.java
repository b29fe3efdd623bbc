package dev.docket.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.broker.TaskPublisher;
import dev.docket.maintenance.RepublishTimes;
import dev.docket.protocol.SampleProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.simulation.InMemoryServer;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CensusSweepTest {

  private static final WorkerProtocols PROTOCOLS = protocols(Policy.AckMode.CLAIMS);

  private final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
  private final InMemoryServer server = new InMemoryServer(shared);
  private final LatestDrift latest = new LatestDrift();
  private final Clock clock = new SharedClock();
  private final RepublishTimes republishTimes = new RepublishTimes(clock);
  private boolean leader = true;
  private boolean unavailable;
  private Long pendingReplies;
  private final Census census = new OneQueue();
  private CensusSweep sweep = sweep(PROTOCOLS);

  private static WorkerProtocols protocols(Policy.AckMode ackMode) {
    return WorkerProtocols.of(List.of(new SampleProtocol("docket", "D", ackMode)));
  }

  private CensusSweep sweep(WorkerProtocols protocols) {
    return new CensusSweep(
        census,
        shared.tasks,
        shared.tasks,
        protocols,
        LossDetectionSettings.of(Duration.ofSeconds(5)),
        new Republisher(shared.tasks, server.tasks, server, republishTimes),
        () -> leader,
        latest,
        clock);
  }

  private final class SharedClock extends Clock {
    @Override
    public Instant instant() {
      return shared.now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** One queue with the messages of the broker. */
  private final class OneQueue implements Census {
    @Override
    public List<Queue> queues() {
      if (unavailable) {
        throw new BrokerUnavailable("unavailable");
      }
      return List.of(
          new Queue(
              "q", shared.queue.size(), 0, 1, List.of(new Binding("D", "#")), true, List.of()));
    }

    @Override
    public Statistics count() {
      return new Statistics(queues(), pendingReplies, List.of());
    }
  }

  private List<Task> submitTasks(int count) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(server.create(server.document("d" + i), "ASR"));
      server.advanceClock(Duration.ofMillis(10));
    }
    server.advanceClock(Duration.ofMinutes(1));
    return tasks;
  }

  private void runCensus(int times) {
    for (int i = 0; i < times; i++) {
      server.advanceClock(Duration.ofSeconds(10));
      sweep.run();
    }
  }

  private Drift drift() {
    return latest.get();
  }

  private Drift.KeyDrift asr() {
    return drift().keys().stream()
        .filter(key -> key.key().equals(new TaskKey("ASR")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refillsWipedBrokerUnderSameRuns() {
    List<Task> tasks = submitTasks(1_234);
    shared.queue.clear();
    runCensus(3);
    assertThat(shared.queue).isEmpty();
    assertThat(drift().missing()).isEqualTo(1_234);

    runCensus(1);

    assertThat(shared.queue).hasSize(1_234);
    Task first = server.task(tasks.get(0).id());
    assertThat(first.run().token()).isEqualTo(tasks.get(0).run().token());
    assertThat(first.state()).isEqualTo(TaskState.QUEUED);
    assertThat(first.history())
        .extracting(Transition::message)
        .contains("published again: the broker lost the message");
    assertThat(republishTimes.lastRepairs()).containsOnlyKeys(new TaskKey("ASR"));
    runCensus(10);
    assertThat(shared.queue).hasSize(1_234);
    assertThat(drift().missing()).isZero();
    assertThat(drift().surplus()).isZero();
    assertThat(asr().lastRepair()).isNotNull();
  }

  @Test
  void republishesAsManyAsAreMissingOldestDispatchFirst() {
    List<Task> tasks = submitTasks(10);
    shared.queue.removeIf(task -> task.id().equals(tasks.get(7).id()));
    runCensus(4);
    assertThat(shared.queue).hasSize(10);
    assertThat(shared.queue.get(9).id()).isEqualTo(tasks.get(0).id());
    assertThat(server.task(tasks.get(7).id()).history()).hasSize(2);

    // A worker drops the second copy, because the first was claimed: one is missing again.
    shared.queue.remove(9);
    runCensus(6);
    assertThat(shared.queue.get(9).id()).isEqualTo(tasks.get(1).id());
  }

  @Test
  void rejectsClaimOfSecondCopy() {
    Task task = submitTasks(1).get(0);
    shared.queue.clear();
    runCensus(4);
    assertThat(shared.queue).hasSize(1);
    server.execute(
        task.id(), Command.Claim.byWorker(new Reporter(task.run().ref(), "a", "w"), null));
    assertThat(
            server
                .execute(
                    task.id(),
                    Command.Claim.byWorker(new Reporter(task.run().ref(), "b", "v"), null))
                .refused())
        .isTrue();
  }

  @Test
  void doesNotRepublishLongBacklog() {
    submitTasks(300);
    runCensus(30);
    assertThat(shared.queue).hasSize(300);
    assertThat(drift().missing()).isZero();
    assertThat(republishTimes.lastRepairs()).isEmpty();
  }

  @Test
  void runsWithoutRepublishingUnlessLeader() {
    submitTasks(5);
    shared.queue.clear();
    leader = false;
    runCensus(10);
    assertThat(shared.queue).isEmpty();
    assertThat(drift().missing()).isEqualTo(5);

    leader = true;
    runCensus(3);
    assertThat(shared.queue).as("a new leader needs new comparisons").isEmpty();
    runCensus(1);
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void secondServerDoesNotRepeatRepair() {
    submitTasks(5);
    shared.queue.clear();
    InMemoryServer other = new InMemoryServer(shared);
    CensusSweep otherSweep =
        new CensusSweep(
            census,
            shared.tasks,
            shared.tasks,
            PROTOCOLS,
            LossDetectionSettings.of(Duration.ofSeconds(5)),
            new Republisher(shared.tasks, other.tasks, other, republishTimes),
            () -> true,
            new LatestDrift(),
            clock);
    for (int i = 0; i < 20; i++) {
      runCensus(1);
      otherSweep.run();
    }
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void discardsComparisonsAfterReconnect() {
    submitTasks(5);
    shared.queue.clear();
    runCensus(3);
    sweep.reconnected();
    runCensus(3);
    assertThat(shared.queue).isEmpty();
    runCensus(1);
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void discardsComparisonsAfterFailedCensus() {
    submitTasks(5);
    shared.queue.clear();
    runCensus(3);
    unavailable = true;
    runCensus(1);
    assertThat(drift().counted()).isFalse();
    assertThat(drift().reason()).isEqualTo("unavailable");
    assertThat(drift().missing()).isNull();
    assertThat(asr().open()).containsEntry(TaskState.QUEUED, 5L);
    unavailable = false;
    runCensus(3);
    assertThat(shared.queue).isEmpty();
    runCensus(1);
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void republishesLaterIfBrokerIsNotReady() {
    submitTasks(5);
    shared.queue.clear();
    server.shared.brokerOutcome = TaskPublisher.PublishOutcome.NOT_NOW;
    runCensus(10);
    assertThat(republishTimes.lastRepairs()).isEmpty();
    server.shared.brokerOutcome = TaskPublisher.PublishOutcome.CONFIRMED;
    runCensus(1);
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void doesNotCountUnroutableTasksAsMissing() {
    submitTasks(5);
    shared.queue.clear();
    runCensus(3);
    server.shared.brokerOutcome = TaskPublisher.PublishOutcome.UNROUTABLE;
    runCensus(1);
    assertThat(asr().open()).containsOnlyKeys(TaskState.NO_ROUTE_TO_QUEUE);
    runCensus(5);
    assertThat(drift().missing()).isZero();
  }

  @Test
  void backsOffForQueueThatDropsEverything() {
    submitTasks(5);
    int republished = 0;
    for (int i = 0; i < 360; i++) {
      republished += shared.queue.size();
      shared.queue.clear();
      runCensus(1);
    }
    assertThat(republished).as("in an hour").isBetween(5 * 5, 5 * 15);
  }

  @Test
  void comparesOlderTasksWhenRepliesHaveBeenPendingForMinutes() {
    sweep = sweep(protocols(Policy.AckMode.ACKNOWLEDGES_LATE));
    pendingReplies = 1L;
    submitTasks(5);
    shared.queue.clear();
    runCensus(1);
    Instant first = shared.now;
    runCensus(29);
    assertThat(drift().repliesPendingSince()).isNull();
    assertThat(asr().missing()).isNull();
    assertThat(drift().reason()).startsWith("replies in the response queue");

    runCensus(1);

    assertThat(drift().repliesPendingSince()).isEqualTo(first);
    assertThat(asr().missing()).as("one of five may have been answered").isEqualTo(4);
    assertThat(drift().reason()).isNull();
    runCensus(3);
    assertThat(shared.queue).hasSize(4);
  }

  @Test
  void newTasksAreNotMissingWhileRepliesArePendingForMinutes() {
    sweep = sweep(protocols(Policy.AckMode.ACKNOWLEDGES_LATE));
    pendingReplies = 1L;
    runCensus(35);
    submitTasks(5);
    shared.queue.clear();

    runCensus(10);

    assertThat(drift().repliesPendingSince()).isNotNull();
    assertThat(asr().missing()).isZero();
    assertThat(shared.queue).isEmpty();
  }

  @Test
  void waitForRepliesBeginsAgainWhenAllAreProcessed() {
    sweep = sweep(protocols(Policy.AckMode.ACKNOWLEDGES_LATE));
    submitTasks(1);
    pendingReplies = 1L;
    runCensus(20);
    pendingReplies = 0L;
    runCensus(1);
    pendingReplies = 1L;

    runCensus(29);
    assertThat(drift().repliesPendingSince()).isNull();
    runCensus(1);
    assertThat(drift().repliesPendingSince()).isNotNull();
  }

  @Test
  void unknownNumberOfRepliesIsNotReportedAsPending() {
    sweep = sweep(protocols(Policy.AckMode.ACKNOWLEDGES_LATE));
    submitTasks(5);

    runCensus(40);

    assertThat(drift().repliesPendingSince()).isNull();
    assertThat(drift().missing()).isNull();
    assertThat(drift().reason()).startsWith("the number of messages is unknown");
  }
}
