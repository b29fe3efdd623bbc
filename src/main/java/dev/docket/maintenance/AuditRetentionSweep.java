package dev.docket.maintenance;

import dev.docket.audit.AuditStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes audit records that exceed their retention period, a page in each run. */
public final class AuditRetentionSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(AuditRetentionSweep.class);

  /** The maximum number of records that one run deletes. */
  static final int PAGE_SIZE = 1_000;

  private final AuditStore store;
  private final Duration age;
  private final Clock clock;

  public AuditRetentionSweep(AuditStore store, Duration age, Clock clock) {
    this.store = store;
    this.age = age;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "audit_retention";
  }

  @Override
  public void run() {
    Instant before = clock.instant().minus(age);
    int deleted = store.removeCreatedBefore(before, PAGE_SIZE);
    if (deleted > 0) {
      LOG.info("Deleted {} audit records from before {}", deleted, before);
    }
  }
}
