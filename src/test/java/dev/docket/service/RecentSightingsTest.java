package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.store.StoreUnavailable;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RecentSightingsTest {

  private static final Map<TaskKey, Instant> SEEN =
      Map.of(new TaskKey("ASR"), Instant.parse("2026-03-01T12:00:00Z"));

  private final AtomicLong nanos = new AtomicLong();
  private boolean available = true;
  private int reads;
  private final RecentSightings sightings = new RecentSightings(this::read, nanos::get);

  private Map<TaskKey, Instant> read() {
    reads++;
    if (!available) {
      throw new StoreUnavailable("it is away");
    }
    return SEEN;
  }

  private void age() {
    nanos.addAndGet(RecentSightings.MAX_AGE.toNanos() + 1);
  }

  @Test
  void readsAgainWhenWhatItKnowsIsOld() {
    assertThat(sightings.lastSeen()).isEqualTo(SEEN);
    sightings.lastSeen();
    assertThat(reads).isEqualTo(1);
    age();
    assertThat(sightings.lastSeen()).isEqualTo(SEEN);
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void nothingIsKnownWhileTheWorkersCannotBeRead() {
    available = false;
    assertThat(sightings.lastSeen()).isEmpty();
    available = true;
    age();
    assertThat(sightings.lastSeen()).isEqualTo(SEEN);
  }
}
