package dev.docket.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.concurrent.Stages;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of every {@link AuditStore}. */
public interface AuditStoreContract {

  Instant TIME = Instant.parse("2026-03-01T12:00:00.123Z");

  AuditStore store();

  /** The records that a search finds now, the oldest first. */
  List<AuditRecord> found();

  static AuditRecord record(String id, Instant createdAt) {
    return new AuditRecord(
        id,
        createdAt,
        "ann",
        "archive",
        "task.retry",
        new AuditRecord.Subject("task", "t1"),
        Map.of("state", 500),
        null,
        AuditRecord.Outcome.UNKNOWN,
        null,
        "192.0.2.7",
        "request",
        null);
  }

  @Test
  default void replacesIntentionByItsEnd() {
    AuditRecord intention = record("a1", TIME);
    AuditRecord ended = intention.with(ActionResult.done(Map.of("state", 201)));
    assertThat(Stages.join(store().put(intention))).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(found()).containsExactly(intention);

    assertThat(Stages.join(store().put(ended))).isInstanceOf(WriteOutcome.Stored.class);

    assertThat(found()).containsExactly(ended);
  }

  @Test
  default void removesOldestRecordsUpToLimit() {
    for (int day = 0; day < 5; day++) {
      Stages.join(store().put(record("a" + day, TIME.plusSeconds(day * 86_400L))));
    }
    assertThat(found()).hasSize(5);

    assertThat(store().removeCreatedBefore(TIME.plusSeconds(3 * 86_400L), 2)).isEqualTo(2);
    assertThat(found()).extracting(AuditRecord::id).containsExactly("a2", "a3", "a4");
    assertThat(store().removeCreatedBefore(TIME.plusSeconds(3 * 86_400L), 2)).isEqualTo(1);
    assertThat(found()).extracting(AuditRecord::id).containsExactly("a3", "a4");
    assertThat(store().removeCreatedBefore(TIME, 2)).isZero();
  }
}
