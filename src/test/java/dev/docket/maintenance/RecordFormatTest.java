package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.store.StoreUnavailable;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordFormatTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000Z");

  private final MemoryLeaderStore store = new MemoryLeaderStore();

  private static Leader leader(int format) {
    return new Leader("other", "other.example", NOON, NOON, 7, Map.of(), format);
  }

  private Leader stored() {
    return store.read().orElseThrow().value();
  }

  private LeaderElection election() {
    LeaderClock clock = new LeaderClock(Clock.fixed(NOON, ZoneOffset.UTC));
    return new LeaderElection(
        store, "one", "one.example", new LeaderStamps(clock, new RepublishTimes(clock)), () -> 0);
  }

  @Test
  void firstServerStoresNumberAndLeadsImmediately() {
    RecordFormat.claim(store, "one.example", NOON);
    assertThat(stored().format()).isEqualTo(RecordFormat.CURRENT);

    LeaderElection election = election();
    election.run();

    assertThat(election.isLeader()).isTrue();
    assertThat(stored().format()).isEqualTo(RecordFormat.CURRENT);
    election.stepDown();
    assertThat(stored().format()).isEqualTo(RecordFormat.CURRENT);
  }

  @Test
  void raisesNumberOfEarlierReleaseAndKeepsLeader() {
    store.write(leader(RecordFormat.FIRST), null);

    RecordFormat.claim(store, "one.example", NOON);

    assertThat(stored()).isEqualTo(leader(RecordFormat.CURRENT));
  }

  @Test
  void repeatsWriteAfterConflict() {
    store.write(leader(RecordFormat.FIRST), null);
    store.conflicts = 2;

    RecordFormat.claim(store, "one.example", NOON);

    assertThat(stored().format()).isEqualTo(RecordFormat.CURRENT);
  }

  @Test
  void rejectsServerOfEarlierReleaseAndKeepsRecord() {
    Leader newer = leader(RecordFormat.CURRENT + 1);
    store.write(newer, null);

    assertThatThrownBy(() -> RecordFormat.claim(store, "one.example", NOON))
        .isInstanceOf(NewerRecordFormat.class)
        .hasMessage(
            "the records have format "
                + (RecordFormat.CURRENT + 1)
                + ", but this server supports format "
                + RecordFormat.CURRENT
                + ": a server of a newer release has run; stop all servers and start them with that"
                + " release (see Upgrade in docs/deploy.md)");
    assertThat(stored()).isEqualTo(newer);
  }

  @Test
  void leaderStopsLeadingWhenServerOfNewerReleaseHasStarted() {
    LeaderElection election = election();
    election.run();
    Leader newer = stored().withFormat(RecordFormat.CURRENT + 1);
    store.write(newer, store.read().orElseThrow().version());

    assertThatThrownBy(election::run).isInstanceOf(NewerRecordFormat.class);

    assertThat(election.isLeader()).isFalse();
    assertThat(stored()).isEqualTo(newer);
  }

  @Test
  void failsWhenStoreIsUnavailable() {
    store.unavailable = true;
    assertThatThrownBy(() -> RecordFormat.claim(store, "one.example", NOON))
        .isInstanceOf(StoreUnavailable.class);
  }
}
