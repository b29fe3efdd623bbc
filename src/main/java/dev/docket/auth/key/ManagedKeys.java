package dev.docket.auth.key;

import dev.docket.auth.AccessRules;
import dev.docket.auth.Authentication;
import dev.docket.auth.Caller;
import dev.docket.auth.CredentialSource;
import dev.docket.http.RateLimitedLogger;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The active managed keys in memory, as of the last read. If that is older than {@link #MAX_AGE},
 * the server does not know what was revoked since, so it accepts no managed key until it can read
 * them again. Thread-safe.
 */
public final class ManagedKeys implements CredentialSource {

  /** Interval at which a server reads the keys. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);

  /** The age of the last read after which no managed key is accepted. */
  static final Duration MAX_AGE = Duration.ofSeconds(5);

  /** The maximum number of active keys. */
  static final int MAX_ACTIVE = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(ManagedKeys.class);

  /** For how long a revocation by this server takes precedence over what a search finds. */
  private static final Duration OWN_REVOCATION = Duration.ofMinutes(1);

  /**
   * For how long a key that this server has created is accepted before a read finds it. Short, as
   * another server may have revoked it before.
   */
  static final Duration OWN_CREATION = Duration.ofSeconds(2);

  private final KeyStore store;
  private final AccessRules rules;
  private final Clock clock;
  private final LongSupplier nanos;
  private final RateLimitedLogger failures;

  /** By id. Replaced under the lock, and never changed. */
  private volatile Map<String, Entry> active = Map.of();

  /** Guarded by this. */
  private final Map<String, OwnChange> ownChanges = new HashMap<>();

  /** When the last successful read began; null before the first. */
  private volatile @Nullable Long readAt;

  private record Entry(ManagedKey key, Caller caller) {}

  private record OwnChange(ManagedKey key, long at) {}

  /**
   * Creates the keys, without reading them.
   *
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public ManagedKeys(KeyStore store, AccessRules rules, Clock clock, LongSupplier nanos) {
    this.store = store;
    this.rules = rules;
    this.clock = clock;
    this.nanos = nanos;
    this.failures = new RateLimitedLogger(LOG, nanos);
  }

  /** Reads the keys from the store. Blocks; logs a failure, after which the former keys remain. */
  public void read() {
    long begin = nanos.getAsLong();
    try {
      Map<String, Entry> read = new HashMap<>();
      store.active(clock.instant(), MAX_ACTIVE + 1).forEach(key -> read.put(key.id(), entry(key)));
      replace(read, begin);
    } catch (RuntimeException e) {
      failures.warn(
          "The managed API keys cannot be read (%s); after %d s without a read they get 503; retrying every %d s"
              .formatted(e.getMessage(), MAX_AGE.toSeconds(), INTERVAL.toSeconds()));
    }
  }

  private synchronized void replace(Map<String, Entry> read, long begin) {
    ownChanges.values().removeIf(change -> isOver(change, read, begin));
    ownChanges.values().forEach(change -> put(read, change.key()));
    active = read;
    readAt = begin;
  }

  /**
   * Whether a read decides instead of the change. Once a read has found a new key, later ones find
   * whether another server has revoked it. A revoked key stays revoked, even if the index was not
   * refreshed.
   */
  private static boolean isOver(OwnChange change, Map<String, Entry> read, long begin) {
    if (change.key().revokedAt() != null) {
      return begin - change.at() > OWN_REVOCATION.toNanos();
    }
    return read.containsKey(change.key().id()) || begin - change.at() > OWN_CREATION.toNanos();
  }

  /** Applies a change that this server has stored, before the next read. */
  synchronized void apply(ManagedKey changed) {
    OwnChange before = ownChanges.get(changed.id());
    if (before != null && before.key().revokedAt() != null && changed.revokedAt() == null) {
      return;
    }
    ownChanges.put(changed.id(), new OwnChange(changed, nanos.getAsLong()));
    Map<String, Entry> next = new HashMap<>(active);
    put(next, changed);
    active = next;
  }

  private void put(Map<String, Entry> keys, ManagedKey key) {
    if (key.revokedAt() == null) {
      keys.put(key.id(), entry(key));
    } else {
      keys.remove(key.id());
    }
  }

  private Entry entry(ManagedKey key) {
    return new Entry(key, rules.caller(key.name(), key.group(), key.roles(), key.taskKeys()));
  }

  /** The number of keys as of the last read. */
  int count() {
    return active.size();
  }

  private Optional<Entry> find(String id) {
    return Optional.ofNullable(active.get(id));
  }

  /** Managed keys alone do not require credentials: setting {@code access.required} does. */
  @Override
  public boolean requiresCredentials() {
    return false;
  }

  @Override
  public Optional<Authentication> authenticate(String credential) {
    return ManagedKey.Parts.of(credential).map(this::authenticate);
  }

  private Authentication authenticate(ManagedKey.Parts parts) {
    Long read = readAt;
    if (read == null || nanos.getAsLong() - read > MAX_AGE.toNanos()) {
      return new Authentication.Unavailable(
          "the server cannot check managed API keys, because the store is unavailable; try again");
    }
    return find(parts.id())
        .filter(entry -> entry.key().isActive(clock.instant()))
        .filter(entry -> entry.key().matches(parts.secret()))
        .<Authentication>map(entry -> new Authentication.Accepted(entry.caller()))
        .orElseGet(() -> new Authentication.Rejected(UNKNOWN_KEY));
  }
}
