package dev.docket.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.broker.TaskPublisher;
import dev.docket.maintenance.MemoryRepublishTimes;
import dev.docket.simulation.InMemoryServer;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import dev.docket.task.machine.Command;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CensusSweepTest {

  private final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
  private final InMemoryServer server = new InMemoryServer(shared);
  private final LatestDrift board = new LatestDrift();
  private final Clock clock = new Hands();
  private final MemoryRepublishTimes repairs = new MemoryRepublishTimes(clock);
  private boolean leads = true;
  private boolean away;
  private final CensusSweep sweep =
      new CensusSweep(
          this::census,
          shared.tasks,
          new ProtocolExchanges(
              Map.of("docket", new ProtocolExchanges.OfProtocol("D", Policy.AckMode.CLAIMS))),
          LossDetectionSettings.of(Duration.ofSeconds(5)),
          new Republisher(shared.tasks, server.tasks, server, repairs),
          () -> leads,
          board,
          clock);

  private final class Hands extends Clock {
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

  /** One queue, with what the broker has. */
  private List<Census.Queue> census() {
    if (away) {
      throw new BrokerUnavailable("away");
    }
    return List.of(
        new Census.Queue("q", shared.queue.size(), 0, 1, List.of(new Census.Binding("D", "#"))));
  }

  private List<Task> submitted(int many) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      tasks.add(server.create(server.document("d" + i), "ASR"));
      server.pass(Duration.ofMillis(10));
    }
    server.pass(Duration.ofMinutes(1));
    return tasks;
  }

  private void looks(int many) {
    for (int i = 0; i < many; i++) {
      server.pass(Duration.ofSeconds(10));
      sweep.run();
    }
  }

  private Drift.OfKey asr() {
    return board.last().keys().stream()
        .filter(key -> key.key().equals(new TaskKey("ASR")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aWipedBrokerIsFilledAgainUnderTheSameRuns() {
    List<Task> tasks = submitted(1_234);
    shared.queue.clear();
    looks(3);
    assertThat(shared.queue).isEmpty();
    assertThat(board.last().missing()).isEqualTo(1_234);

    looks(1);

    assertThat(shared.queue).hasSize(1_234);
    Task first = server.now(tasks.get(0).id());
    assertThat(first.run()).isEqualTo(tasks.get(0).run());
    assertThat(first.state()).isEqualTo(TaskState.QUEUED);
    assertThat(first.history())
        .extracting(Transition::message)
        .contains("sent again: the broker had lost its message");
    assertThat(repairs.lastRepairs()).containsOnlyKeys(new TaskKey("ASR"));
    looks(10);
    assertThat(shared.queue).hasSize(1_234);
    assertThat(board.last().missing()).isZero();
    assertThat(board.last().surplus()).isZero();
    assertThat(asr().lastRepair()).isNotNull();
  }

  @Test
  void ofWhatIsMissingAsManyAreSentTheLongestDispatchedFirstAndThenOthers() {
    List<Task> tasks = submitted(10);
    shared.queue.removeIf(task -> task.id().equals(tasks.get(7).id()));
    looks(4);
    assertThat(shared.queue).hasSize(10);
    assertThat(shared.queue.get(9).id()).isEqualTo(tasks.get(0).id());
    assertThat(server.now(tasks.get(7).id()).history()).hasSize(2);

    // The second copy is dropped when the first was claimed: one is missing again.
    shared.queue.remove(9);
    looks(6);
    assertThat(shared.queue.get(9).id()).isEqualTo(tasks.get(1).id());
  }

  @Test
  void theClaimOfASecondCopyIsRefused() {
    Task task = submitted(1).get(0);
    shared.queue.clear();
    looks(4);
    assertThat(shared.queue).hasSize(1);
    server.execute(task.id(), new Command.Claim(task.attempt(), task.run(), "a", "w", false));
    assertThat(
            server
                .execute(task.id(), new Command.Claim(task.attempt(), task.run(), "b", "v", false))
                .refused())
        .isTrue();
  }

  @Test
  void nothingIsSentAgainOfALongHonestBacklog() {
    submitted(300);
    looks(30);
    assertThat(shared.queue).hasSize(300);
    assertThat(board.last().missing()).isZero();
    assertThat(repairs.lastRepairs()).isEmpty();
  }

  @Test
  void whoDoesNotLeadLooksAndDoesNothing() {
    submitted(5);
    shared.queue.clear();
    leads = false;
    looks(10);
    assertThat(shared.queue).isEmpty();
    assertThat(board.last().missing()).isEqualTo(5);

    leads = true;
    looks(3);
    assertThat(shared.queue).as("who takes over begins anew").isEmpty();
    looks(1);
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void ofTwoServersTheOtherSeesTheRepairAndAddsNothing() {
    submitted(5);
    shared.queue.clear();
    InMemoryServer other = new InMemoryServer(shared);
    CensusSweep second =
        new CensusSweep(
            this::census,
            shared.tasks,
            new ProtocolExchanges(
                Map.of("docket", new ProtocolExchanges.OfProtocol("D", Policy.AckMode.CLAIMS))),
            LossDetectionSettings.of(Duration.ofSeconds(5)),
            new Republisher(shared.tasks, other.tasks, other, repairs),
            () -> true,
            new LatestDrift(),
            clock);
    for (int i = 0; i < 20; i++) {
      looks(1);
      second.run();
    }
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void aBrokerThatComesBackIsLookedAtAnew() {
    submitted(5);
    shared.queue.clear();
    looks(3);
    sweep.reconnected();
    looks(3);
    assertThat(shared.queue).isEmpty();
    looks(1);
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void aBrokerThatCannotBeCountedIsLookedAtAnew() {
    submitted(5);
    shared.queue.clear();
    looks(3);
    away = true;
    looks(1);
    assertThat(board.last().census()).isFalse();
    assertThat(board.last().why()).isEqualTo("away");
    assertThat(board.last().missing()).isNull();
    assertThat(asr().open()).containsEntry(TaskState.QUEUED, 5L);
    away = false;
    looks(3);
    assertThat(shared.queue).isEmpty();
    looks(1);
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void whatTheBrokerDoesNotTakeNowIsLeftForLater() {
    submitted(5);
    shared.queue.clear();
    server.shared.broker = TaskPublisher.Sent.NOT_NOW;
    looks(10);
    assertThat(repairs.lastRepairs()).isEmpty();
    server.shared.broker = TaskPublisher.Sent.CONFIRMED;
    looks(1);
    assertThat(shared.queue).hasSize(5);
  }

  @Test
  void whatIsToBeSentAnywayIsNotMissing() {
    submitted(5);
    shared.queue.clear();
    looks(3);
    server.shared.broker = TaskPublisher.Sent.UNROUTABLE;
    looks(1);
    assertThat(asr().open()).containsOnlyKeys(TaskState.NO_ROUTE_TO_QUEUE);
    looks(5);
    assertThat(board.last().missing()).isZero();
  }

  @Test
  void aQueueThatThrowsEverythingAwayIsNotFedForEver() {
    submitted(5);
    int sent = 0;
    for (int i = 0; i < 360; i++) {
      sent += shared.queue.size();
      shared.queue.clear();
      looks(1);
    }
    assertThat(sent).as("in an hour").isBetween(5 * 5, 5 * 15);
  }
}
