package dev.docket.maintenance;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
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
public final class LeaderElection implements Sweep, RepublishTimes {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

  /** The time between two runs. With {@link #LEADER_TIMEOUT}, a failover takes 8 to 12 seconds. */
  public static final Duration STAMP_INTERVAL = Duration.ofSeconds(2);

  /** Age of the last stamp at which another server may take over. */
  static final Duration LEADER_TIMEOUT = Duration.ofSeconds(8);

  /** Age of the last stamp at which the leader itself stops leading. */
  static final Duration STAMP_VALIDITY = Duration.ofSeconds(5);

  private static final int MAX_REPUBLISH_TIMES = 1_000;

  private final LeaderStore store;
  private final String server;
  private final String host;
  private final LeaderClock clock;
  private final LongSupplier nanos;
  private final Map<TaskKey, Instant> repairs = new HashMap<>();

  private @Nullable Version observedVersion;
  private long unchangedSince;
  private long lastRun;
  private boolean wasLeader;
  private volatile @Nullable Long stampedAt;
  private volatile @Nullable Leader current;

  /**
   * Creates the election.
   *
   * @param server a random name that is unique to this server process
   * @param host host name, for display
   * @param clock receives the leader's time
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public LeaderElection(
      LeaderStore store, String server, String host, LeaderClock clock, LongSupplier nanos) {
    this.store = store;
    this.server = server;
    this.host = host;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Returns whether this server is the leader now. */
  public boolean isLeader() {
    Long last = stampedAt;
    return last != null && nanos.getAsLong() - last < STAMP_VALIDITY.toNanos();
  }

  /** Wraps a sweep so that it runs only while this server is the leader. */
  public Sweep onlyOnLeader(Sweep sweep) {
    return new Sweep() {
      @Override
      public String name() {
        return sweep.name();
      }

      @Override
      public void run() {
        if (isLeader()) {
          sweep.run();
        } else {
          sweep.skip();
        }
      }
    };
  }

  /** Returns the leader, as far as this server knows. */
  public Optional<Leader> leader() {
    return Optional.ofNullable(current);
  }

  @Override
  public void record(TaskKey key, long tasks) {
    synchronized (repairs) {
      repairs.put(key, clock.instant());
      if (repairs.size() > MAX_REPUBLISH_TIMES) {
        repairs.entrySet().stream()
            .min(Comparator.comparing(Map.Entry<TaskKey, Instant>::getValue))
            .ifPresent(oldest -> repairs.remove(oldest.getKey()));
      }
    }
  }

  /** Includes the repairs of previous leaders. */
  @Override
  public Map<TaskKey, Instant> lastRepairs() {
    Leader leader = current;
    Map<TaskKey, Instant> all = new HashMap<>(leader == null ? Map.of() : leader.repairs());
    synchronized (repairs) {
      all.putAll(repairs);
    }
    return all;
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
      write(1, clock.instant(), null, now);
      return;
    }
    Leader leader = found.orElseThrow().value();
    if (leader.format() > RecordFormat.CURRENT) {
      stampedAt = null;
      RecordFormat.requireSupported(leader);
    }
    Version version = found.orElseThrow().version();
    if (server.equals(leader.server())) {
      write(leader.stamp() + 1, leader.since(), version, now);
      return;
    }
    stampedAt = null;
    current = leader;
    if (!version.equals(observedVersion) || gap) {
      Instant at = leader.at();
      if (!gap && at != null) {
        clock.synchronize(at, Duration.ofNanos(nanos.getAsLong() - previousRun));
      }
      observedVersion = version;
      unchangedSince = now;
    }
    if (leader.server() == null || now - unchangedSince > LEADER_TIMEOUT.toNanos()) {
      adoptRepairs(leader.repairs());
      write(leader.stamp() + 1, clock.instant(), version, now);
    }
    if (wasLeader && !isLeader()) {
      LOG.info("This server is no longer the leader; the leader is {}", leader.host());
    }
    wasLeader = isLeader();
  }

  /** Keeps the repairs of the previous leader. */
  private void adoptRepairs(Map<TaskKey, Instant> previous) {
    synchronized (repairs) {
      previous.forEach(repairs::putIfAbsent);
    }
  }

  /**
   * Writes a stamp. Its age counts from before the request: the other servers may have read it at
   * any time since then.
   */
  private void write(long stamp, Instant since, @Nullable Version seen, long startedAt) {
    Leader leader;
    synchronized (repairs) {
      leader =
          new Leader(
              server,
              host,
              since,
              clock.localClock().instant(),
              stamp,
              repairs,
              RecordFormat.CURRENT);
    }
    if (store.write(leader, seen) instanceof WriteOutcome.Stored) {
      stampedAt = startedAt;
      current = leader;
      clock.lead();
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
        Leader leader = found.orElseThrow().value();
        Leader vacant =
            new Leader(
                null,
                host,
                leader.since(),
                null,
                leader.stamp() + 1,
                lastRepairs(),
                leader.format());
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
