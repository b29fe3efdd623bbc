package dev.docket.workers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.auth.Caller;
import dev.docket.document.TargetType;
import dev.docket.task.TaskKey;
import dev.docket.wire.ReportItem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The workers that have sent a request within the last minute. Docket's workers send a hello every
 * few seconds. Behind a load balancer, the requests of one worker reach different servers, so the
 * servers share what they know through {@link WorkerStore}, with a short delay.
 */
public final class WorkerRegistry {

  /** Interval at which a server stores the workers that it has seen. */
  public static final Duration SYNC_INTERVAL = Duration.ofSeconds(15);

  /** The number of workers that are listed, and of those that one caller can have. */
  static final int MAX_WORKERS = 10_000;

  /**
   * The size of a typical worker in memory, or less. A caller with larger ones can have fewer of
   * them.
   */
  private static final int TYPICAL_BYTES = 1_000;

  /** How long the record of a silent worker is kept. */
  static final Duration RETENTION = Duration.ofHours(1);

  static final Duration WORKER_TIMEOUT = Duration.ofSeconds(60);

  private static final int MAX_CALLERS = 10_000;

  /** The workers of each caller by name, so that one caller cannot evict those of another. */
  private final Cache<String, Cache<String, KnownWorker>> workers =
      Caffeine.newBuilder()
          .maximumSize(MAX_CALLERS)
          .expireAfterAccess(WORKER_TIMEOUT.multipliedBy(2))
          .build();

  private final WorkerStore store;
  private final Clock clock;

  public WorkerRegistry(WorkerStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  private Cache<String, KnownWorker> workersOf(Caller caller) {
    return workers.get(
        caller.name(),
        name ->
            Caffeine.newBuilder()
                .maximumWeight((long) MAX_WORKERS * TYPICAL_BYTES)
                .weigher((String worker, KnownWorker known) -> bytes(known))
                .expireAfterWrite(WORKER_TIMEOUT)
                // Evict on the writing thread, so that the cache never exceeds its size for long.
                .executor(Runnable::run)
                .build());
  }

  private static int bytes(KnownWorker worker) {
    int bytes = 2 * worker.name().length();
    for (List<String> texts : Arrays.asList(worker.keys(), worker.types())) {
      for (String text : texts == null ? List.<String>of() : texts) {
        bytes += 60 + 2 * text.length();
      }
    }
    return Math.max(TYPICAL_BYTES, bytes);
  }

  private Stream<KnownWorker> seenHere() {
    return workers.asMap().values().stream().flatMap(known -> known.asMap().values().stream());
  }

  public void onHello(Caller caller, ReportItem.Hello hello) {
    workersOf(caller).put(hello.worker(), KnownWorker.of(hello, clock.instant()));
  }

  public void onReport(Caller caller, String name) {
    update(caller, KnownWorker.named(name, clock.instant()));
  }

  /** Takes task keys and target types from a poll, as a worker that polls may send no hello. */
  public void onPoll(
      Caller caller, String worker, Collection<TaskKey> keys, Collection<TargetType> types) {
    update(
        caller,
        new KnownWorker(
            worker,
            null,
            null,
            keys.stream().map(key -> key.value()).sorted().toList(),
            types.stream().map(type -> type.wire()).sorted().toList(),
            null,
            null,
            clock.instant()));
  }

  private void update(Caller caller, KnownWorker worker) {
    workersOf(caller)
        .asMap()
        .merge(
            worker.name(),
            worker,
            (known, latest) ->
                replaces(latest, known) ? latest : known.withLastSeen(latest.lastSeen()));
  }

  /** A hello contains more than a poll, and a poll more than a report about a task. */
  private static boolean replaces(KnownWorker latest, KnownWorker known) {
    return known.keys() == null || (latest.keys() != null && known.concurrency() == null);
  }

  /** The workers that this server has seen since this time. */
  public List<KnownWorker> seenHereSince(Instant since) {
    return seenHere().filter(worker -> !worker.lastSeen().isBefore(since)).toList();
  }

  /**
   * When a worker of each task key last sent a request, within the last hour. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if what other servers have stored cannot be read
   */
  public Map<TaskKey, Instant> lastSeenByKey() {
    Map<TaskKey, Instant> latest = new HashMap<>();
    Stream.concat(
            store.seenSince(clock.instant().minus(RETENTION), MAX_WORKERS).stream(), seenHere())
        .forEach(
            worker -> {
              for (String key : worker.keys() == null ? List.<String>of() : worker.keys()) {
                if (TaskKey.isValid(key)) {
                  latest.merge(
                      TaskKey.fromString(key), worker.lastSeen(), (a, b) -> a.isAfter(b) ? a : b);
                }
              }
            });
    return latest;
  }

  /**
   * The workers that any server has seen, in order of name. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if what other servers have stored cannot be read
   */
  List<KnownWorker> all() {
    Instant since = clock.instant().minus(WORKER_TIMEOUT).minus(SYNC_INTERVAL);
    TreeMap<String, KnownWorker> all = new TreeMap<>();
    store.seenSince(since, MAX_WORKERS).forEach(worker -> all.put(worker.name(), worker));
    seenHere().forEach(w -> all.merge(w.name(), w, KnownWorker::merge));
    return new ArrayList<>(all.values());
  }
}
