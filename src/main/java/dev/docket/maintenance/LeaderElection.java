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
 * Sees to it that one server at a time reconciles. Whoever leads stamps a record at each look; one
 * whose stamp has not changed for {@link #LEADER_TIMEOUT} on the watcher's own monotonic clock has
 * lost the lead; for that no two clocks are compared. A leader that cannot stamp stops before
 * anybody else may begin, also when its process was suspended; and should two overlap all the same,
 * what they do is guarded by compare-and-set.
 *
 * <p>Looked at by one thread; asked by any.
 */
public final class LeaderElection implements Sweep, RepublishTimes {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

  /**
   * The pause between two looks. With {@link #LEADER_TIMEOUT} a hand-over takes 8 to 12 seconds.
   */
  public static final Duration STAMP_INTERVAL = Duration.ofSeconds(2);

  /** How old the last stamp is when others may take the lead. */
  static final Duration LEADER_TIMEOUT = Duration.ofSeconds(8);

  /** How old it is when its own writer stops leading. */
  static final Duration VALID = Duration.ofSeconds(5);

  private static final int MAX_REPUBLISH_TIMES = 1_000;

  private final LeaderStore store;
  private final String server;
  private final String host;
  private final LeaderClock clock;
  private final LongSupplier nanos;
  private final Map<TaskKey, Instant> repairs = new HashMap<>();

  private @Nullable Version watched;
  private long silentSince;
  private long lastLook;
  private boolean led;
  private volatile @Nullable Long stamped;
  private volatile @Nullable Leader known;

  /**
   * Wires it.
   *
   * @param server a random name that no other server has, and no earlier process of this one
   * @param host where it runs, for people
   * @param clock is told the leader's time
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

  /** Whether this server may act now. */
  public boolean leads() {
    Long last = stamped;
    return last != null && nanos.getAsLong() - last < VALID.toNanos();
  }

  /** The same sweep, which looks only while this server leads. */
  public Sweep only(Sweep sweep) {
    return new Sweep() {
      @Override
      public String name() {
        return sweep.name();
      }

      @Override
      public void run() {
        if (leads()) {
          sweep.run();
        }
      }
    };
  }

  /** Who leads, as far as this server knows. */
  public Optional<Leader> leader() {
    return Optional.ofNullable(known);
  }

  @Override
  public void repaired(TaskKey key, long tasks) {
    synchronized (repairs) {
      repairs.put(key, clock.instant());
      if (repairs.size() > MAX_REPUBLISH_TIMES) {
        repairs.entrySet().stream()
            .min(Comparator.comparing(Map.Entry<TaskKey, Instant>::getValue))
            .ifPresent(oldest -> repairs.remove(oldest.getKey()));
      }
    }
  }

  /** Of whichever server. */
  @Override
  public Map<TaskKey, Instant> lastRepairs() {
    Leader now = known;
    Map<TaskKey, Instant> all = new HashMap<>(now == null ? Map.of() : now.repairs());
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
    long previous = lastLook;
    boolean gap = watched == null || now - previous > 2 * STAMP_INTERVAL.toNanos();
    Optional<Versioned<Leader>> found = store.read();
    lastLook = now;
    if (found.isEmpty()) {
      write(1, clock.instant(), null, now);
      return;
    }
    Leader there = found.orElseThrow().value();
    Version version = found.orElseThrow().version();
    if (server.equals(there.server())) {
      write(there.stamp() + 1, there.since(), version, now);
      return;
    }
    stamped = null;
    known = there;
    if (!version.equals(watched) || gap) {
      Instant at = there.at();
      if (!gap && at != null) {
        clock.heard(at, Duration.ofNanos(nanos.getAsLong() - previous));
      }
      watched = version;
      silentSince = now;
    }
    if (there.server() == null || now - silentSince > LEADER_TIMEOUT.toNanos()) {
      takeOver(there.repairs());
      write(there.stamp() + 1, clock.instant(), version, now);
    }
    if (led && !leads()) {
      LOG.info("{} reconciles now", there.host());
    }
    led = leads();
  }

  /** What the one before has noted is not lost. */
  private void takeOver(Map<TaskKey, Instant> noted) {
    synchronized (repairs) {
      noted.forEach(repairs::putIfAbsent);
    }
  }

  /** What is older than the writing's begin is not known of the others. */
  private void write(long stamp, Instant since, @Nullable Version seen, long begun) {
    Leader mine;
    synchronized (repairs) {
      mine = new Leader(server, host, since, clock.own().instant(), stamp, repairs);
    }
    if (store.write(mine, seen) instanceof WriteOutcome.Stored) {
      stamped = begun;
      known = mine;
      clock.lead();
      if (!led) {
        LOG.info("This server reconciles now");
      }
      led = true;
    }
  }

  /** Lets another server lead at once; to be called when this one's sweeps have ended. */
  public void stepDown() {
    stamped = null;
    try {
      Optional<Versioned<Leader>> found = store.read();
      if (found.isPresent() && server.equals(found.orElseThrow().value().server())) {
        Leader there = found.orElseThrow().value();
        Leader nobody =
            new Leader(null, host, there.since(), null, there.stamp() + 1, lastRepairs());
        var unused = store.write(nobody, found.orElseThrow().version());
      }
    } catch (StoreUnavailable away) {
      LOG.debug("The others will notice by themselves that this server is gone", away);
    }
  }
}
