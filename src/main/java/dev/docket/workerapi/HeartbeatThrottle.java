package dev.docket.workerapi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.task.Lease;
import java.time.Duration;

/**
 * Spares the store heartbeats that come too often: one for a lease that this server has written
 * less than a quarter of the lease ago says nothing new. (Clients beat each third, so theirs are
 * always written, and a cancel request reaches them with the next one.)
 */
final class HeartbeatThrottle {

  private static final int MAX_LEASES = 100_000;

  /** A lease's end of quiet, on this server's monotonic clock. */
  private record Written(long nanos, long quietNanos) {}

  private final Cache<String, Written> leases =
      Caffeine.newBuilder().maximumSize(MAX_LEASES).expireAfterWrite(Duration.ofHours(1)).build();

  boolean tooSoon(String claimId) {
    Written written = leases.getIfPresent(claimId);
    return written != null && System.nanoTime() - written.nanos() < written.quietNanos();
  }

  void written(String claimId, Lease lease) {
    long quiet = Duration.ofSeconds(lease.seconds()).toNanos() / 4;
    leases.put(claimId, new Written(System.nanoTime(), quiet));
  }
}
