package dev.docket.workerapi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.wire.ReportItem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The workers that have sent a request within the last minute. Docket's workers send a hello every
 * few seconds. Behind a load balancer, the requests of one worker reach different servers, so the
 * servers share what they know through {@link WorkerStore}, with a short delay.
 */
public final class WorkerRegistry {

  /** Interval at which a server stores the workers that it has seen. */
  public static final Duration SYNC_INTERVAL = Duration.ofSeconds(15);

  private static final int MAX_WORKERS = 10_000;
  private static final Duration WORKER_TIMEOUT = Duration.ofSeconds(60);

  private final Cache<String, KnownWorker> workers =
      Caffeine.newBuilder().maximumSize(MAX_WORKERS).expireAfterWrite(WORKER_TIMEOUT).build();
  private final WorkerStore store;
  private final Clock clock;

  public WorkerRegistry(WorkerStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void onHello(ReportItem.Hello hello) {
    workers.put(hello.worker(), KnownWorker.of(hello, clock.instant()));
  }

  void onReport(String name) {
    update(KnownWorker.named(name, clock.instant()));
  }

  /** Takes task keys and target types from a poll, as a worker that polls may send no hello. */
  void onPoll(PollService.Poll poll) {
    update(
        new KnownWorker(
            poll.worker(),
            null,
            null,
            poll.keys().stream().map(key -> key.value()).sorted().toList(),
            poll.types().stream().map(type -> type.wire()).sorted().toList(),
            null,
            null,
            clock.instant()));
  }

  private void update(KnownWorker worker) {
    workers
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
    return workers.asMap().values().stream()
        .filter(worker -> !worker.lastSeen().isBefore(since))
        .toList();
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
    workers.asMap().values().forEach(w -> all.merge(w.name(), w, KnownWorker::merge));
    return new ArrayList<>(all.values());
  }
}
