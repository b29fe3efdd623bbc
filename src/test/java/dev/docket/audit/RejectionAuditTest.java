package dev.docket.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.auth.RejectedCredentials;
import dev.docket.http.RequestOrigin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class RejectionAuditTest {

  private final MemoryAuditStore store = new MemoryAuditStore();
  private final AtomicInteger ids = new AtomicInteger();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final RejectionAudit audit =
      new RejectionAudit(store, new MovingClock(), () -> "r" + ids.incrementAndGet());

  private final class MovingClock extends Clock {
    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private void reject(String address, String reason) {
    audit.onRejected(
        new RejectedCredentials(new RequestOrigin(address, "request"), "bearer", reason));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void recordsFirstRejectionAtOnceAndNumberOfOthersAtEndOfMinute() {
    for (int i = 0; i < 1_000; i++) {
      reject("192.0.2.1", "unknown credentials");
    }
    assertThat(store.writes()).hasSize(1);
    assertThat(store.records().get(0).count()).isEqualTo(1);

    audit.tick();
    assertThat(store.writes()).as("the minute has not passed").hasSize(1);
    pass(RejectionAudit.WINDOW);
    audit.tick();
    audit.tick();

    assertThat(store.writes()).hasSize(2);
    assertThat(store.records())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.count()).isEqualTo(1_000);
              assertThat(record.action()).isEqualTo("auth.reject");
              assertThat(record.record())
                  .isEqualTo(new AuditRecord.Subject("credentials", "bearer"));
              assertThat(record.detail()).isEqualTo("unknown credentials");
              assertThat(record.address()).isEqualTo("192.0.2.1");
              assertThat(record.requestId()).isEqualTo("request");
              assertThat(record.principal()).isNull();
              assertThat(record.outcome()).isEqualTo(AuditRecord.Outcome.REFUSED);
            });
  }

  @Test
  void separatesAddressesReasonsAndMinutes() {
    reject("192.0.2.1", "unknown credentials");
    reject("192.0.2.2", "unknown credentials");
    reject("192.0.2.1", "no credentials");
    pass(RejectionAudit.WINDOW);
    reject("192.0.2.1", "unknown credentials");

    assertThat(store.records()).hasSize(4).allMatch(record -> record.count() == 1);
  }

  @Test
  void countsManyAddressesTogether() {
    for (int i = 0; i < 100_000; i++) {
      reject("address " + i, "unknown credentials");
    }
    pass(RejectionAudit.WINDOW);
    audit.tick();

    List<AuditRecord> records = store.records();
    assertThat(records).hasSize(RejectionAudit.MAX_SOURCES + 1);
    assertThat(store.writes()).hasSize(RejectionAudit.MAX_SOURCES + 2);
    AuditRecord others = records.get(RejectionAudit.MAX_SOURCES);
    assertThat(others.count()).isEqualTo(100_000L - RejectionAudit.MAX_SOURCES);
    assertThat(others.address()).isNull();
    assertThat(others.record().id()).isEqualTo("any");
  }

  @Test
  void writesCountsBeforeServerStops() {
    reject("192.0.2.1", "unknown credentials");
    reject("192.0.2.1", "unknown credentials");

    audit.flush();

    assertThat(store.records()).singleElement().matches(record -> record.count() == 2);
  }

  @Test
  void keepsCountIfFirstWriteFailed() {
    store.failNext(1);
    reject("192.0.2.1", "unknown credentials");
    reject("192.0.2.1", "unknown credentials");
    assertThat(store.records()).isEmpty();

    pass(RejectionAudit.WINDOW);
    audit.tick();

    assertThat(store.records()).singleElement().matches(record -> record.count() == 2);
  }

  /** The first rejection waits a second; the others would take a minute if they did too. */
  @Test
  @Timeout(20)
  void doesNotWaitForStoreThatIsAway() {
    store.stayAway();
    for (int i = 0; i < 60; i++) {
      reject("192.0.2.1", "unknown credentials");
      pass(RejectionAudit.WINDOW);
    }
    assertThat(store.writes()).hasSize(60);
  }
}
