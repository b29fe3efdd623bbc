package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.docket.store.StoreUnavailable;
import dev.docket.task.TaskKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LeaderElectionTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000Z");

  private final MemoryLeaderStore store = new MemoryLeaderStore();
  private final Map<String, RepublishTimes> repairs = new HashMap<>();
  private long seconds;
  private final LeaderElection one = server("one", NOON);
  private final LeaderElection other = server("other", NOON.plus(Duration.ofMinutes(7)));

  private LeaderElection server(String name, Instant time) {
    return server(name, new LeaderClock(Clock.fixed(time, ZoneOffset.UTC)));
  }

  private void pass(LeaderElection... alive) {
    seconds += 2;
    for (LeaderElection server : alive) {
      server.run();
    }
  }

  @Test
  void firstServerLeadsImmediatelyAndKeepsLeading() {
    for (int i = 0; i < 50; i++) {
      pass(one, other);
      assertThat(one.isLeader()).isTrue();
      assertThat(other.isLeader()).isFalse();
      assertThat(store.read().orElseThrow().value().host()).isEqualTo("one.example");
    }
  }

  @Test
  void otherServerTakesOverAfterLeadershipOfKilledServerExpires() {
    pass(one, other);
    long killed = seconds;
    while (!other.isLeader()) {
      assertThat(seconds - killed).isLessThan(13);
      pass(other);
      assertThat(one.isLeader() && other.isLeader()).isFalse();
    }
    pass(one, other);
    assertThat(one.isLeader()).as("a server that comes back only watches").isFalse();
    assertThat(other.isLeader()).isTrue();
  }

  @Test
  void suspendedServerDoesNotLeadWhenItResumes() {
    pass(one, other);
    seconds += 60;
    assertThat(one.isLeader()).isFalse();
  }

  @Test
  void otherServerTakesOverImmediatelyAfterStepDown() {
    pass(one, other);
    one.stepDown();
    assertThat(one.isLeader()).isFalse();
    pass(other);
    assertThat(other.isLeader()).isTrue();
  }

  @Test
  void stepDownOfFollowerDoesNotAffectLeader() {
    pass(one, other);
    other.stepDown();
    pass(one);
    assertThat(one.isLeader()).isTrue();
  }

  @Test
  void noServerLeadsWithoutStoreAndSameServerLeadsAfterwards() {
    pass(one, other);
    store.unavailable = true;
    for (int i = 0; i < 20; i++) {
      seconds += 2;
      assertThatThrownBy(one::run).isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(other::run).isInstanceOf(StoreUnavailable.class);
    }
    assertThat(one.isLeader()).isFalse();
    one.stepDown();
    store.unavailable = false;
    pass(other, one);
    assertThat(one.isLeader()).isTrue();
    assertThat(other.isLeader()).isFalse();
  }

  @Test
  void sharesRepairsAndKeepsThemAfterFailover() {
    TaskKey asr = TaskKey.fromString("ASR");
    pass(one, other);
    repairs("one").record(asr);
    pass(one, other);
    assertThat(repairs("other").lastRepairs()).containsOnly(entry(asr, NOON));
    for (int i = 0; i < 10; i++) {
      pass(other);
    }
    assertThat(other.isLeader()).isTrue();
    repairs("other").record(TaskKey.fromString("NER"));
    pass(other, one);
    assertThat(repairs("one").lastRepairs()).containsEntry(asr, NOON).hasSize(2);
  }

  @Test
  void followerWithWrongClockUsesLeaderTime() {
    for (int minutes : new int[] {-90, -2, 2, 90}) {
      LeaderClock leaderClock = clock(0);
      LeaderClock followerClock = clock(minutes);
      LeaderElection leader = server("leader", leaderClock);
      LeaderElection follower = server("follower", followerClock);
      assertThat(Duration.between(leaderClock.instant(), followerClock.instant()))
          .hasMinutes(minutes);
      seconds += 100;
      pass(leader, follower);
      pass(leader, follower);
      pass(leader, follower);
      assertThat(leader.isLeader()).isTrue();
      assertThat(Duration.between(leaderClock.instant(), followerClock.instant()))
          .as("never earlier, and later by at most two runs")
          .isBetween(Duration.ZERO, Duration.ofSeconds(4));

      leader.stepDown();
      pass(follower, leader);
      pass(follower, leader);
      assertThat(follower.isLeader()).isTrue();
      assertThat(Duration.between(followerClock.instant(), leaderClock.instant()))
          .isBetween(Duration.ZERO, Duration.ofSeconds(4));
      follower.stepDown();
    }
  }

  @Test
  void ignoresTimeOfStampThatWasReadLate() {
    LeaderClock leaderClock = clock(0);
    LeaderClock followerClock = clock(0);
    LeaderElection leader = server("leader", leaderClock);
    LeaderElection follower = server("follower", followerClock);
    pass(leader, follower);
    pass(leader, follower);
    for (int i = 0; i < 5; i++) {
      leader.run();
      seconds += 60;
      follower.run();
      assertThat(followerClock.instant()).isEqualTo(leaderClock.instant());
    }
  }

  /** Creates a clock that follows the test's time, and is this number of minutes fast. */
  private LeaderClock clock(int minutes) {
    InstantSource source = () -> NOON.plusSeconds(seconds + minutes * 60L);
    return new LeaderClock(source.withZone(ZoneOffset.UTC));
  }

  private LeaderElection server(String name, LeaderClock clock) {
    RepublishTimes times = new RepublishTimes(clock);
    repairs.put(name, times);
    return new LeaderElection(
        store,
        name,
        name + ".example",
        new LeaderStamps(clock, times),
        () -> Duration.ofSeconds(seconds).toNanos());
  }

  private RepublishTimes repairs(String server) {
    return repairs.get(server);
  }

  @Test
  void runsWrappedSweepOnlyOnLeader() {
    List<String> runs = new ArrayList<>();
    Sweep sweep =
        new Sweep() {
          @Override
          public String name() {
            return "sweep";
          }

          @Override
          public void run() {
            runs.add("run");
          }
        };
    onlyOnLeader(sweep, one).run();
    assertThat(runs).isEmpty();
    pass(one, other);
    onlyOnLeader(sweep, one).run();
    onlyOnLeader(sweep, other).run();
    assertThat(runs).hasSize(1);
    assertThat(onlyOnLeader(sweep, one).name()).isEqualTo("sweep");
  }

  private static Sweep onlyOnLeader(Sweep sweep, LeaderElection election) {
    return new LeaderSweep(sweep, election::isLeader);
  }

  @Test
  void keepsLatestRepublishTimesOfLimitedNumberOfKeys() {
    RepublishTimes times = new RepublishTimes(Clock.fixed(NOON, ZoneOffset.UTC));
    TaskKey asr = TaskKey.fromString("ASR");
    times.record(asr);
    times.merge(Map.of(asr, NOON.minusSeconds(1), TaskKey.fromString("OLD"), NOON.minusSeconds(2)));
    assertThat(times.lastRepairs()).hasSize(2).containsEntry(asr, NOON);
    for (int i = 0; i < 999; i++) {
      times.record(TaskKey.fromString("K" + i));
    }
    assertThat(times.lastRepairs())
        .hasSize(1_000)
        .containsKey(asr)
        .doesNotContainKey(TaskKey.fromString("OLD"));
  }

  @Test
  void neverHasTwoLeadersDespiteCrashesPausesAndOutages() {
    Random random = new Random(7);
    for (int cluster = 0; cluster < 300; cluster++) {
      seconds += 100;
      List<LeaderElection> servers =
          List.of(
              server(cluster + "a", NOON),
              server(cluster + "b", NOON),
              server(cluster + "c", NOON));
      for (int step = 0; step < 100; step++) {
        seconds += 1;
        store.unavailable = random.nextInt(10) == 0;
        for (LeaderElection server : servers) {
          if (random.nextInt(4) > 0) {
            try {
              server.run();
            } catch (StoreUnavailable expected) {
              assertThat(store.unavailable).isTrue();
            }
          }
          assertThat(servers.stream().filter(LeaderElection::isLeader).count())
              .isLessThanOrEqualTo(1);
        }
      }
      store.unavailable = false;
    }
  }
}
