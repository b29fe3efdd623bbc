package dev.docket.workerapi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.task.Lease;
import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Skips heartbeats that would not extend a lease noticeably, to save writes: those within a sixth
 * of {@link Lease#silenceTimeout} after the last heartbeat that this server has written. That is a
 * quarter of the lease, and at most 50 s. Docket's clients send a heartbeat each third of the
 * lease, at most 60 s apart, so theirs are always written, and the response to the next one carries
 * a cancel request.
 */
final class HeartbeatThrottle {

  private static final int MAX_LEASES = 100_000;

  /** When a heartbeat was written, on the monotonic clock, and how long to skip further ones. */
  private record LastWrite(long nanos, long skipNanos) {}

  /** Workers choose claim ids, so another task can have the same one. */
  private record Claim(String task, String run, String claimId) {
    static Claim of(ReportItem.Heartbeat heartbeat) {
      return new Claim(heartbeat.task(), heartbeat.run(), heartbeat.claimId());
    }
  }

  private final Cache<Claim, LastWrite> lastWrites =
      Caffeine.newBuilder().maximumSize(MAX_LEASES).expireAfterWrite(Duration.ofHours(1)).build();

  private final LongSupplier nanoTime;

  HeartbeatThrottle(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Whether this heartbeat need not be written. */
  boolean skips(ReportItem.Heartbeat heartbeat) {
    LastWrite last = lastWrites.getIfPresent(Claim.of(heartbeat));
    return last != null && nanoTime.getAsLong() - last.nanos() < last.skipNanos();
  }

  void onWritten(ReportItem.Heartbeat heartbeat, Lease lease) {
    long skipNanos = lease.silenceTimeout().toNanos() / 6;
    lastWrites.put(Claim.of(heartbeat), new LastWrite(nanoTime.getAsLong(), skipNanos));
  }
}
