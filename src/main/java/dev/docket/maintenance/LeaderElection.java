package dev.docket.maintenance;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects the leader, the one server that runs the sweeps. The leader writes a stamp in each run. If
 * the stamp does not change for {@link #LEADER_TIMEOUT} on another server's own monotonic clock,
 * that server takes over; no two clocks are compared. A leader that cannot write its stamp stops
 * before another server may take over, even if its process was suspended. Should two leaders
 * overlap anyway, compare-and-set protects their writes.
 *
 * <p>One thread runs this sweep; any thread may call the other methods.
 */
public final class LeaderElection implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

  /** The time between two runs. With {@link #LEADER_TIMEOUT}, a failover takes 8 to 12 seconds. */
  public static final Duration STAMP_INTERVAL = Duration.ofSeconds(2);

  /** Age of the last stamp at which another server may take over. */
  static final Duration LEADER_TIMEOUT = Duration.ofSeconds(8);

  /** Age of the last stamp at which the leader itself stops leading. */
  static final Duration STAMP_VALIDITY = Duration.ofSeconds(5);

  private final LeaderStore store;
  private final String server;
  private final String host;
  private final LeaderStamps stamps;
  private final LongSupplier nanos;

  private @Nullable Version observedVersion;
  private long unchangedSince;
  private long lastRun;
  private boolean wasLeader;
  private volatile @Nullable Long stampedAt;

  /**
   * Creates the election.
   *
   * @param server a random name that is unique to this server process
   * @param host host name, for display
   * @param stamps writes and reads the content of stamps
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public LeaderElection(
      LeaderStore store, String server, String host, LeaderStamps stamps, LongSupplier nanos) {
    this.store = store;
    this.server = server;
    this.host = host;
    this.stamps = stamps;
    this.nanos = nanos;
  }

  /** Returns whether this server is the leader now. */
  public boolean isLeader() {
    Long last = stampedAt;
    return last != null && nanos.getAsLong() - last < STAMP_VALIDITY.toNanos();
  }

  @Override
  public String name() {
    return "leader";
  }

  @Override
  public void run() {
    long now = nanos.getAsLong();
    long previousRun = lastRun;
    boolean gap = observedVersion == null || now - previousRun > 2 * STAMP_INTERVAL.toNanos();
    Optional<Versioned<Leader>> found = store.read();
    lastRun = now;
    if (found.isEmpty()) {
      write(1, stamps.now(), null, now);
      return;
    }
    Leader leader = found.orElseThrow().value();
    Version version = found.orElseThrow().version();
    if (server.equals(leader.server()) && leader.format() <= RecordFormat.CURRENT) {
      write(leader.stamp() + 1, leader.since(), version, now);
      return;
    }
    stampedAt = null;
    RecordFormat.requireSupported(leader);
    boolean changed = !version.equals(observedVersion);
    stamps.read(leader, changed && !gap ? Duration.ofNanos(nanos.getAsLong() - previousRun) : null);
    if (changed || gap) {
      observedVersion = version;
      unchangedSince = now;
    }
    if (leader.server() == null || now - unchangedSince > LEADER_TIMEOUT.toNanos()) {
      write(leader.stamp() + 1, stamps.now(), version, now);
    }
    if (wasLeader && !isLeader()) {
      LOG.info("This server is no longer the leader; the leader is {}", leader.host());
    }
    wasLeader = isLeader();
  }

  /**
   * Writes a stamp. Its age counts from before the request: the other servers may have read it at
   * any time since then.
   */
  private void write(long number, Instant since, @Nullable Version seen, long startedAt) {
    Leader stamp = stamps.stamp(server, host, since, number);
    if (store.write(stamp, seen) instanceof WriteOutcome.Stored) {
      stampedAt = startedAt;
      stamps.written();
      if (!wasLeader) {
        LOG.info("This server is the leader now; it runs the sweeps");
      }
      wasLeader = true;
    }
  }

  /** Lets another server take over immediately. Call this after this server's sweeps have ended. */
  public void stepDown() {
    stampedAt = null;
    try {
      Optional<Versioned<Leader>> found = store.read();
      if (found.isPresent() && server.equals(found.orElseThrow().value().server())) {
        Leader vacant = stamps.vacant(found.orElseThrow().value(), host);
        var unused = store.write(vacant, found.orElseThrow().version());
      }
    } catch (StoreUnavailable unavailable) {
      LOG.debug(
          "The leadership could not be released; another server takes over after {} s",
          LEADER_TIMEOUT.toSeconds(),
          unavailable);
    }
  }
}
