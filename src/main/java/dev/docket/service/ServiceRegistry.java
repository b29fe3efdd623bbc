package dev.docket.service;

import dev.docket.http.RateLimitedLogger;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All services in memory: those of the configuration and the records, as of the last read. If the
 * records cannot be read, the former ones remain. Thread-safe.
 */
public final class ServiceRegistry implements Services {

  /** Interval at which a server reads the records. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);

  /** The maximum number of services that are records. */
  static final int MAX_MANAGED = 1_000;

  /** The limit of a read, which includes the health of configured services. */
  private static final int MAX_READ = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(ServiceRegistry.class);

  /** For how long a change by this server takes precedence over a read that does not find it. */
  static final Duration OWN_CHANGE = Duration.ofSeconds(5);

  private final ServiceStore store;
  private final Map<ServiceSlug, Service> configured;
  private final LongSupplier nanos;
  private final RateLimitedLogger failures;

  /** Replaced under the lock. */
  private volatile Known known;

  /** Guarded by this; as of the last read, with own changes. */
  private Map<ServiceSlug, Versioned<StoredService>> records = Map.of();

  /** Guarded by this. */
  private final Map<ServiceSlug, OwnChange> ownChanges = new HashMap<>();

  /**
   * A change of this server.
   *
   * @param service null if it was removed
   */
  private record OwnChange(@Nullable StoredService service, Version version, long at) {}

  /**
   * All services; the maps never change. Each command on a task looks its key up several times, so
   * that must not create a slug.
   */
  private record Known(
      NavigableMap<ServiceSlug, Service> bySlug, Map<TaskKey, Service> byKey, long managed) {

    static Known of(NavigableMap<ServiceSlug, Service> services) {
      return new Known(
          Collections.unmodifiableNavigableMap(services),
          services.values().stream()
              .collect(Collectors.toUnmodifiableMap(Service::key, Function.identity())),
          services.values().stream()
              .filter(service -> service.source() == Service.Source.MANAGED)
              .count());
    }
  }

  /**
   * Creates the registry with the services of the configuration, without reading records.
   *
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public ServiceRegistry(ServiceStore store, Collection<Service> configured, LongSupplier nanos) {
    this.store = store;
    this.configured = new HashMap<>();
    configured.forEach(service -> this.configured.put(service.slug(), service));
    this.nanos = nanos;
    this.failures = new RateLimitedLogger(LOG, nanos);
    this.known = merged(Map.of());
  }

  /**
   * Reads the records from the store. Blocks; logs a failure, after which the former ones remain.
   */
  public void read() {
    long begin = nanos.getAsLong();
    try {
      Map<ServiceSlug, Versioned<StoredService>> read = new HashMap<>();
      store.all(records(), MAX_READ).forEach(found -> read.put(found.value().slug(), found));
      replace(read, begin);
    } catch (RuntimeException e) {
      failures.warn(
          "The services cannot be read (%s); the server uses those of its last read, and retries every %d s"
              .formatted(e.getMessage(), INTERVAL.toSeconds()));
    }
  }

  private synchronized Collection<Versioned<StoredService>> records() {
    return List.copyOf(records.values());
  }

  private synchronized void replace(Map<ServiceSlug, Versioned<StoredService>> read, long begin) {
    ownChanges.entrySet().removeIf(own -> isOver(own.getValue(), read.get(own.getKey()), begin));
    ownChanges.forEach((slug, own) -> put(read, slug, own));
    publish(read);
  }

  /** Whether a read decides instead of the change: it found a later one, or enough time passed. */
  private static boolean isOver(
      OwnChange own, @Nullable Versioned<StoredService> read, long begin) {
    return begin - own.at() > OWN_CHANGE.toNanos()
        || (read != null && !own.version().isAfter(read.version()));
  }

  private static void put(
      Map<ServiceSlug, Versioned<StoredService>> records, ServiceSlug slug, OwnChange own) {
    if (own.service() == null) {
      records.remove(slug);
    } else {
      records.put(slug, new Versioned<>(own.service(), own.version()));
    }
  }

  /** Applies a change that this server has stored, before the next read. */
  void apply(StoredService changed, Version version) {
    apply(changed.slug(), new OwnChange(changed, version, nanos.getAsLong()));
  }

  /** Applies a removal that this server has stored, before the next read. */
  void applyRemoval(ServiceSlug slug, Version version) {
    apply(slug, new OwnChange(null, version, nanos.getAsLong()));
  }

  private synchronized void apply(ServiceSlug slug, OwnChange own) {
    OwnChange before = ownChanges.get(slug);
    if (before != null && before.version().isAfter(own.version())) {
      return;
    }
    ownChanges.put(slug, own);
    Map<ServiceSlug, Versioned<StoredService>> next = new HashMap<>(records);
    put(next, slug, own);
    publish(next);
  }

  /** Called under the lock. */
  private void publish(Map<ServiceSlug, Versioned<StoredService>> next) {
    records = next;
    known = merged(next);
  }

  private Known merged(Map<ServiceSlug, Versioned<StoredService>> stored) {
    NavigableMap<ServiceSlug, Service> all = new TreeMap<>(configured);
    stored.values().forEach(record -> merge(record.value()).ifPresent(s -> all.put(s.slug(), s)));
    return Known.of(all);
  }

  /**
   * The service of a record. The configuration describes its services alone, and a record adds the
   * health. Empty for the health of a service that is no longer in the configuration.
   */
  Optional<Service> merge(StoredService record) {
    Service described = configured.get(record.slug());
    ServiceSpec spec = record.spec();
    if (described != null && (described.source() == Service.Source.CONFIGURED || spec == null)) {
      return Optional.of(
          new Service(record.slug(), described.source(), described.spec(), record.health(), null));
    }
    return spec == null
        ? Optional.empty()
        : Optional.of(
            new Service(
                record.slug(), Service.Source.MANAGED, spec, record.health(), record.history()));
  }

  /** A service as the configuration describes it. */
  Optional<Service> configured(ServiceSlug slug) {
    return Optional.ofNullable(configured.get(slug));
  }

  /** The number of services that are records. */
  long countManaged() {
    return known.managed();
  }

  /** All services in the order of their slugs. */
  public NavigableMap<ServiceSlug, Service> all() {
    return known.bySlug();
  }

  @Override
  public Optional<Service> find(TaskKey key) {
    return Optional.ofNullable(known.byKey().get(key));
  }
}
