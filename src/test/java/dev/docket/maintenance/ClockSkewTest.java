package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.Census;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.drift.CensusSweep;
import dev.docket.drift.LatestDrift;
import dev.docket.drift.LossDetectionSettings;
import dev.docket.drift.Republisher;
import dev.docket.protocol.SampleProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.simulation.CrashingProxy;
import dev.docket.simulation.InMemoryServer;
import dev.docket.task.Policy;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The experiment of ADR 24: what goes wrong if the clock of one of two servers is wrong, with
 * {@link LeaderClock} and without it. The leader's clock is right; the other server's is ahead of
 * it, or behind if negative.
 */
final class ClockSkewTest {

  private static final Duration STATISTICS_INTERVAL = Duration.ofSeconds(5);

  private final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
  private final InMemoryServer leader = new InMemoryServer(shared);
  private final Clock rightClock = clock(Duration.ZERO);

  private Clock clock(Duration offset) {
    InstantSource source = () -> shared.now.plus(offset);
    return source.withZone(ZoneOffset.UTC);
  }

  /** Sets a server's clock, as it is after the server has seen two stamps of the leader. */
  private void setClock(InMemoryServer server, int seconds, boolean followsLeader) {
    Clock local = clock(Duration.ofSeconds(seconds));
    LeaderClock adjusted = new LeaderClock(local);
    adjusted.synchronize(shared.now.minusSeconds(1), LeaderElection.STAMP_INTERVAL);
    server.clockOffset =
        Duration.between(shared.now, followsLeader ? adjusted.instant() : local.instant());
  }

  @ParameterizedTest
  @CsvSource({
    "-600, 42, 0",
    "-30, 42, 0",
    "-1, 0, 0",
    "0, 0, 0",
    "1, 0, 0",
    "30, 0, 0",
    "600, 0, 0"
  })
  void republishesNothingWhileOtherServerPublishes(
      int skew, int withoutLeaderClock, int withLeaderClock) {
    assertThat(new ClockSkewTest().republished(skew, false)).isEqualTo(withoutLeaderClock);
    assertThat(new ClockSkewTest().republished(skew, true)).isEqualTo(withLeaderClock);
  }

  /** The messages that the census republishes in five minutes, although the broker lost none. */
  private int republished(int skew, boolean followsLeader) {
    InMemoryServer other = new InMemoryServer(shared);
    setClock(other, skew, followsLeader);
    Deque<Integer> statistics = new ArrayDeque<>(List.of(0));
    CensusSweep census = census(statistics);
    int published = 0;
    for (int second = 0; second < 300; second++) {
      for (int i = 0; i < 3; i++) {
        other.create(other.document("d" + published++), "ASR");
      }
      statistics.add(shared.queue.size());
      if (statistics.size() > STATISTICS_INTERVAL.toSeconds()) {
        statistics.remove();
      }
      shared.now = shared.now.plusSeconds(1);
      if (second % 10 == 0) {
        census.run();
      }
    }
    return shared.queue.size() - published;
  }

  /** A census of one queue, whose statistics are as old as the broker's may be. */
  private CensusSweep census(Deque<Integer> statistics) {
    return new CensusSweep(
        () ->
            List.of(
                new Census.Queue(
                    "q",
                    statistics.element(),
                    0,
                    1,
                    List.of(new Census.Binding("D", "#")),
                    true,
                    List.of())),
        shared.tasks,
        shared.tasks,
        WorkerProtocols.of(List.of(new SampleProtocol("docket", "D", Policy.AckMode.CLAIMS))),
        LossDetectionSettings.of(STATISTICS_INTERVAL),
        new Republisher(shared.tasks, leader.tasks, leader, new RepublishTimes(rightClock)),
        () -> true,
        new LatestDrift(),
        rightClock);
  }

  @ParameterizedTest
  @CsvSource({
    "-600, 2, 32",
    "-30, 2, 32",
    "-1, 30, 30",
    "0, 30, 30",
    "1, 32, 32",
    "30, 60, 32",
    "600, 630, 32"
  })
  void leaderRepairsWhatOtherServerLeftUndone(
      int skew, int withoutLeaderClock, int withLeaderClock) {
    assertThat(new ClockSkewTest().repairSeconds(skew, false)).isEqualTo(withoutLeaderClock);
    assertThat(new ClockSkewTest().repairSeconds(skew, true)).isEqualTo(withLeaderClock);
  }

  /** The time until the leader publishes a task that the other server did not publish. */
  private long repairSeconds(int skew, boolean followsLeader) {
    InMemoryServer other = new InMemoryServer(shared);
    setClock(other, skew, followsLeader);
    shared.brokerOutcome = PublishOutcome.NOT_NOW;
    other.create(other.document("d"), "ASR");
    shared.brokerOutcome = PublishOutcome.CONFIRMED;
    long seconds = 0;
    while (shared.queue.isEmpty()) {
      seconds += 2;
      shared.now = shared.now.plusSeconds(2);
      leader.overdue.run();
    }
    return seconds;
  }

  @ParameterizedTest
  @CsvSource({"-600, 2, 1", "-30, 2, 1", "-1, 1, 1", "0, 1, 1", "1, 1, 1", "30, 1, 1", "600, 1, 1"})
  void leaderTakesNoEffectThatOtherServerPerforms(
      int skew, int withoutLeaderClock, int withLeaderClock) {
    assertThat(new ClockSkewTest().messages(skew, false)).isEqualTo(withoutLeaderClock);
    assertThat(new ClockSkewTest().messages(skew, true)).isEqualTo(withLeaderClock);
  }

  /** The number of messages of a task whose publishing takes the other server two seconds. */
  private int messages(int skew, boolean followsLeader) {
    CrashingProxy slowBroker =
        (call, isAsynchronous, work) -> {
          if (call.equals("TaskPublisher.publish")) {
            shared.now = shared.now.plusSeconds(2);
            leader.overdue.run();
          }
          return work.call();
        };
    InMemoryServer other = new InMemoryServer(shared, slowBroker);
    setClock(other, skew, followsLeader);
    other.create(other.document("d"), "ASR");
    return shared.queue.size();
  }
}
