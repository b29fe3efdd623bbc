package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.audit.AuditRecord;
import dev.docket.audit.AuditStoreContract;
import dev.docket.audit.MemoryAuditStore;
import dev.docket.concurrent.Stages;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class AuditRetentionSweepTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration AGE = Duration.ofDays(365);

  private final MemoryAuditStore store = new MemoryAuditStore();
  private final AuditRetentionSweep sweep =
      new AuditRetentionSweep(store, AGE, Clock.fixed(NOW, ZoneOffset.UTC));

  private void given(String id, Instant createdAt) {
    Stages.join(store.put(AuditStoreContract.record(id, createdAt)));
  }

  @Test
  void deletesOnlyRecordsThatExceedTheirRetention() {
    given("old", NOW.minus(AGE).minusMillis(1));
    given("kept", NOW.minus(AGE));
    given("new", NOW);

    sweep.run();

    assertThat(store.records()).extracting(AuditRecord::id).containsExactly("kept", "new");
  }

  @Test
  void deletesOnePageInEachRun() {
    for (int i = 0; i <= AuditRetentionSweep.PAGE_SIZE; i++) {
      given("a" + i, NOW.minus(AGE).minusSeconds(i + 1));
    }

    sweep.run();
    assertThat(store.records()).hasSize(1);
    sweep.run();
    assertThat(store.records()).isEmpty();
  }
}
