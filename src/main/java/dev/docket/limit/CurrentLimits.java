package dev.docket.limit;

import dev.docket.http.RateLimitedLogger;
import dev.docket.store.Versioned;
import dev.docket.task.KeyLimits;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of all keys in memory, as of the last read: those that people have set, or else those
 * of the configuration, and the holds of services. While the store is unavailable, the last ones
 * apply. Thread-safe.
 */
public final class CurrentLimits {

  /** Interval at which a server reads the limits. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);

  /** The maximum number of keys whose limits people have set. */
  static final int MAX_KEYS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(CurrentLimits.class);

  private final LimitStore store;
  private final KeyLimits defaults;
  private final Map<TaskKey, KeyLimits> configured;
  private final KeyHolds holds;
  private final RateLimitedLogger failures;
  private volatile Map<TaskKey, Versioned<LimitSetting>> settings = Map.of();
  private volatile Consumer<TaskKey> listener = key -> {};

  /**
   * Creates the limits of the configuration, without reading others.
   *
   * @param defaults the limits of keys that have none of their own
   * @param holds why the service of a key does not accept tasks now
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public CurrentLimits(
      LimitStore store,
      KeyLimits defaults,
      Map<TaskKey, KeyLimits> configured,
      KeyHolds holds,
      LongSupplier nanos) {
    this.store = store;
    this.defaults = defaults;
    this.configured = Map.copyOf(configured);
    this.holds = holds;
    this.failures = new RateLimitedLogger(LOG, nanos);
  }

  /** Sets the receiver of keys whose setting has changed. */
  public void whenChanged(Consumer<TaskKey> receiver) {
    listener = receiver;
  }

  /** The limits of a key. */
  public KeyLimits of(TaskKey key) {
    KeyLimits set = setting(key).map(LimitSetting::limits).orElseGet(() -> configured(key));
    return set.hold() != null ? set : set.with(holds.of(key).orElse(null));
  }

  /** The limits of a key in the configuration. */
  KeyLimits configured(TaskKey key) {
    return configured.getOrDefault(key, defaults);
  }

  /** What people have set for a key, if that applies. */
  Optional<LimitSetting> setting(TaskKey key) {
    return Optional.ofNullable(settings.get(key))
        .map(Versioned::value)
        .filter(setting -> !setting.configured());
  }

  /** The number of keys with a stored setting. */
  int stored() {
    return settings.size();
  }

  /** The keys that have limits or are held, in order. */
  public Set<TaskKey> keys() {
    Set<TaskKey> keys = new TreeSet<>();
    configured.forEach(
        (key, limits) -> {
          if (!limits.isNone()) {
            keys.add(key);
          }
        });
    keys.addAll(holds.keys());
    settings.values().stream()
        .map(Versioned::value)
        .filter(setting -> !setting.configured())
        .forEach(setting -> keys.add(setting.id()));
    return keys;
  }

  /**
   * Reads the settings from the store. Blocks; logs a failure, after which the former ones remain.
   */
  public void read() {
    try {
      apply(store.list(MAX_KEYS + 1));
    } catch (RuntimeException e) {
      failures.warn(
          "The limits of task keys cannot be read (%s); the last ones apply; retrying every %d s"
              .formatted(e.getMessage(), INTERVAL.toSeconds()));
    }
  }

  /**
   * Applies settings that were read or written, except those that are older than the known ones.
   */
  synchronized void apply(List<Versioned<LimitSetting>> found) {
    Map<TaskKey, Versioned<LimitSetting>> next = new HashMap<>(settings);
    Set<TaskKey> changed = new TreeSet<>();
    for (Versioned<LimitSetting> setting : found) {
      TaskKey key = setting.value().id();
      @Nullable Versioned<LimitSetting> known = next.get(key);
      if (known == null || setting.version().isAfter(known.version())) {
        next.put(key, setting);
        changed.add(key);
      }
    }
    settings = Map.copyOf(next);
    changed.forEach(listener);
  }
}
