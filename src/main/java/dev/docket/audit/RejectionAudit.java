package dev.docket.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.docket.auth.RejectedCredentials;
import dev.docket.auth.RejectionListener;
import dev.docket.concurrent.Stages;
import dev.docket.http.RateLimitedLogger;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records rejected credentials, so that callers without credentials cannot fill the store or the
 * memory: one record for each address and reason in a minute, for at most {@value #MAX_SOURCES} of
 * them, and one for all others. The first rejection is written at once. At the end of the minute
 * the record gets the number of rejections.
 *
 * <p>A rejection waits for its write, but at most a second, and not at all while writes fail or
 * take longer. So clients have their answer while the store is away.
 */
public final class RejectionAudit implements RejectionListener {

  private static final Logger LOG = LoggerFactory.getLogger(RejectionAudit.class);

  /** The action of these records. */
  static final String ACTION = "auth.reject";

  static final Duration WINDOW = Duration.ofMinutes(1);

  /** The number of sources with a record of their own in a minute. */
  static final int MAX_SOURCES = 20;

  private static final long MAX_WAIT_MILLIS = 1_000;

  private final AuditStore store;
  private final Clock clock;
  private final Supplier<String> ids;
  private final RateLimitedLogger failures = new RateLimitedLogger(LOG, System::nanoTime);
  private final Object lock = new Object();

  /** Whether the latest write has failed, or takes too long. */
  private volatile boolean storeAway;

  @GuardedBy("lock")
  private Instant windowStart = Instant.MIN;

  @GuardedBy("lock")
  private final Map<Source, Counted> counts = new HashMap<>();

  /** The rejections that share a record. */
  private record Source(@Nullable String address, String reason) {}

  private static final Source OTHERS = new Source(null, "others");

  /** The record of the first rejection of a source, and the number of all of them. */
  private static final class Counted {
    private final AuditRecord first;
    private long count;

    Counted(AuditRecord first) {
      this.first = first;
    }
  }

  /**
   * Creates the listener.
   *
   * @param ids supplies ids that no other record has
   */
  public RejectionAudit(AuditStore store, Clock clock, Supplier<String> ids) {
    this.store = store;
    this.clock = clock;
    this.ids = ids;
  }

  @Override
  public void onRejected(RejectedCredentials rejected) {
    Instant now = clock.instant();
    List<AuditRecord> ended;
    AuditRecord first = null;
    synchronized (lock) {
      ended = endedWindow(now);
      if (counts.isEmpty()) {
        windowStart = now;
      }
      Source source = new Source(rejected.origin().address(), rejected.reason());
      if (!counts.containsKey(source) && counts.size() >= MAX_SOURCES) {
        source = OTHERS;
      }
      Counted counted = counts.get(source);
      if (counted == null) {
        first = source.equals(OTHERS) ? ofOthers(now) : of(rejected, now);
        counted = new Counted(first);
        counts.put(source, counted);
      }
      counted.count++;
    }
    ended.forEach(this::write);
    if (first != null) {
      await(write(first));
    }
  }

  private AuditRecord of(RejectedCredentials rejected, Instant now) {
    return record(
        now,
        rejected.kind(),
        rejected.reason(),
        rejected.origin().address(),
        rejected.origin().requestId());
  }

  private AuditRecord ofOthers(Instant now) {
    return record(
        now,
        "any",
        "more than " + MAX_SOURCES + " addresses and reasons within a minute",
        null,
        null);
  }

  private AuditRecord record(
      Instant now,
      String credentials,
      String reason,
      @Nullable String address,
      @Nullable String requestId) {
    return new AuditRecord(
        ids.get(),
        now,
        null,
        null,
        ACTION,
        new AuditRecord.Subject("credentials", credentials),
        null,
        null,
        AuditRecord.Outcome.REFUSED,
        reason,
        address,
        requestId,
        1L);
  }

  /** Writes the counts of a minute that has passed. Call this regularly; it does not block. */
  public void tick() {
    List<AuditRecord> ended;
    synchronized (lock) {
      ended = endedWindow(clock.instant());
    }
    ended.forEach(this::write);
  }

  /**
   * Writes the counts of the current minute, before the server stops. Blocks for a second at most.
   */
  public void flush() {
    List<AuditRecord> ended;
    synchronized (lock) {
      ended = drain();
    }
    await(Stages.all(ended.stream().map(this::write).toList()));
  }

  @GuardedBy("lock")
  private List<AuditRecord> endedWindow(Instant now) {
    return counts.isEmpty() || now.isBefore(windowStart.plus(WINDOW)) ? List.of() : drain();
  }

  /** Ends the window, and returns the records whose count has changed. */
  @GuardedBy("lock")
  private List<AuditRecord> drain() {
    List<AuditRecord> changed = new ArrayList<>();
    for (Counted counted : counts.values()) {
      if (counted.count > 1) {
        changed.add(counted.first.counting(counted.count));
      }
    }
    counts.clear();
    return changed;
  }

  private CompletionStage<@Nullable Void> write(AuditRecord record) {
    return store
        .put(record)
        .thenApply(
            outcome -> {
              storeAway = !(outcome instanceof WriteOutcome.Stored);
              if (storeAway) {
                failures.warn("A rejected authentication cannot be recorded: " + outcome);
              }
              return null;
            });
  }

  private void await(CompletionStage<@Nullable Void> written) {
    if (storeAway) {
      return;
    }
    CompletableFuture<@Nullable Void> write = written.toCompletableFuture();
    write.copy().completeOnTimeout(null, MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS).join();
    if (!write.isDone()) {
      storeAway = true;
    }
  }
}
