package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.StoreUnavailable;
import dev.docket.task.TaskKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LeaderElectionTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000Z");

  private final MemoryLeaderStore store = new MemoryLeaderStore();
  private long seconds;
  private final LeaderElection one = server("one", NOON);
  private final LeaderElection other = server("other", NOON.plus(Duration.ofMinutes(7)));

  private LeaderElection server(String name, Instant itsTime) {
    return server(name, new LeaderClock(Clock.fixed(itsTime, ZoneOffset.UTC)));
  }

  private void pass(LeaderElection... alive) {
    seconds += 2;
    for (LeaderElection server : alive) {
      server.run();
    }
  }

  @Test
  void theFirstToLookLeadsAtOnceAndGoesOnLeading() {
    for (int i = 0; i < 50; i++) {
      pass(one, other);
      assertThat(one.leads()).isTrue();
      assertThat(other.leads()).isFalse();
      assertThat(other.leader().orElseThrow().host()).isEqualTo("one.example");
    }
  }

  @Test
  void whoIsKilledIsFollowedWithinFifteenSecondsAndNotBeforeItsOwnLeadHasRunOut() {
    pass(one, other);
    long killed = seconds;
    while (!other.leads()) {
      assertThat(seconds - killed).isLessThan(13);
      pass(other);
      assertThat(one.leads() && other.leads()).isFalse();
    }
    pass(one, other);
    assertThat(one.leads()).as("it comes back, and watches").isFalse();
    assertThat(other.leads()).isTrue();
  }

  @Test
  void whoWasSuspendedDoesNotLeadWhenItWakes() {
    pass(one, other);
    seconds += 60;
    assertThat(one.leads()).isFalse();
  }

  @Test
  void whoStepsDownIsFollowedAtTheNextLook() {
    pass(one, other);
    one.stepDown();
    assertThat(one.leads()).isFalse();
    pass(other);
    assertThat(other.leads()).isTrue();
  }

  @Test
  void whoNeverLedDoesNotTakeTheLeadFromTheOtherWhenItStops() {
    pass(one, other);
    other.stepDown();
    pass(one);
    assertThat(one.leads()).isTrue();
  }

  @Test
  void withoutTheStoreNobodyLeadsAndAfterwardsTheSameOneDoesAgain() {
    pass(one, other);
    store.away = true;
    for (int i = 0; i < 20; i++) {
      seconds += 2;
      assertThatThrownBy(one::run).isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(other::run).isInstanceOf(StoreUnavailable.class);
    }
    assertThat(one.leads()).isFalse();
    one.stepDown();
    store.away = false;
    pass(other, one);
    assertThat(one.leads()).isTrue();
    assertThat(other.leads()).isFalse();
  }

  @Test
  void repairsAreKnownToAllAndOutliveTheirLeader() {
    TaskKey asr = TaskKey.fromString("ASR");
    pass(one, other);
    one.repaired(asr, 3);
    assertThat(one.lastRepairs()).containsOnlyKeys(asr);
    pass(one, other);
    assertThat(other.lastRepairs()).containsEntry(asr, NOON);
    for (int i = 0; i < 10; i++) {
      pass(other);
    }
    assertThat(other.leads()).isTrue();
    other.repaired(TaskKey.fromString("NER"), 1);
    pass(other, one);
    assertThat(one.lastRepairs()).containsEntry(asr, NOON).hasSize(2);
  }

  @Test
  void whoseClockIsFarOffGoesByTheLeaders() {
    for (int minutes : new int[] {-90, -2, 2, 90}) {
      LeaderClock leaders = clock(0);
      LeaderClock apart = clock(minutes);
      LeaderElection leads = server("leads", leaders);
      LeaderElection follows = server("follows", apart);
      assertThat(Duration.between(leaders.instant(), apart.instant())).hasMinutes(minutes);
      seconds += 100;
      pass(leads, follows);
      pass(leads, follows);
      pass(leads, follows);
      assertThat(leads.leads()).isTrue();
      assertThat(Duration.between(leaders.instant(), apart.instant()))
          .as("never earlier, and later by no more than two looks")
          .isBetween(Duration.ZERO, Duration.ofSeconds(4));

      leads.stepDown();
      pass(follows, leads);
      pass(follows, leads);
      assertThat(follows.leads()).isTrue();
      assertThat(Duration.between(apart.instant(), leaders.instant()))
          .isBetween(Duration.ZERO, Duration.ofSeconds(4));
      follows.stepDown();
    }
  }

  @Test
  void ofAStampThatWasFoundLateNobodySetsHisClock() {
    LeaderClock leaders = clock(0);
    LeaderClock same = clock(0);
    LeaderElection leads = server("leads", leaders);
    LeaderElection follows = server("follows", same);
    pass(leads, follows);
    pass(leads, follows);
    for (int i = 0; i < 5; i++) {
      leads.run();
      seconds += 60;
      follows.run();
      assertThat(same.instant()).isEqualTo(leaders.instant());
    }
  }

  /** Goes on, so many minutes fast. */
  private LeaderClock clock(int minutes) {
    InstantSource source = () -> NOON.plusSeconds(seconds + minutes * 60L);
    return new LeaderClock(source.withZone(ZoneOffset.UTC));
  }

  private LeaderElection server(String name, LeaderClock clock) {
    return new LeaderElection(
        store, name, name + ".example", clock, () -> Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void onlyWhoLeadsLooks() {
    List<String> looked = new ArrayList<>();
    Sweep sweep =
        new Sweep() {
          @Override
          public String name() {
            return "sweep";
          }

          @Override
          public void run() {
            looked.add("looked");
          }
        };
    one.only(sweep).run();
    assertThat(looked).isEmpty();
    pass(one, other);
    one.only(sweep).run();
    other.only(sweep).run();
    assertThat(looked).hasSize(1);
    assertThat(one.only(sweep).name()).isEqualTo("sweep");
  }

  @Test
  void neverDoTwoLeadHoweverTheyAreKilledSuspendedAndCutOff() {
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
        store.away = random.nextInt(10) == 0;
        for (LeaderElection server : servers) {
          if (random.nextInt(4) > 0) {
            try {
              server.run();
            } catch (StoreUnavailable away) {
              assertThat(store.away).isTrue();
            }
          }
          assertThat(servers.stream().filter(LeaderElection::leads).count()).isLessThanOrEqualTo(1);
        }
      }
      store.away = false;
    }
  }
}
