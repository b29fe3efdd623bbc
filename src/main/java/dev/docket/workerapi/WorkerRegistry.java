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
 * The workers that have been heard lately. Each says who it is every few seconds; one that has been
 * silent for a minute is forgotten. A worker behind a balancer is heard by one server and another,
 * so they share notes, which are a little behind.
 */
public final class WorkerRegistry {

  /** How often a server notes whom it has heard. */
  public static final Duration NOTE_INTERVAL = Duration.ofSeconds(15);

  private static final int MAX_WORKERS = 10_000;
  private static final Duration WORKER_TIMEOUT = Duration.ofSeconds(60);

  private final Cache<String, KnownWorker> workers =
      Caffeine.newBuilder().maximumSize(MAX_WORKERS).expireAfterWrite(WORKER_TIMEOUT).build();
  private final WorkerStore notes;
  private final Clock clock;

  public WorkerRegistry(WorkerStore notes, Clock clock) {
    this.notes = notes;
    this.clock = clock;
  }

  void heard(ReportItem.Hello hello) {
    workers.put(hello.worker(), KnownWorker.of(hello, clock.instant()));
  }

  void heard(String name) {
    heard(KnownWorker.named(name, clock.instant()));
  }

  /** Its poll says what it works on, which is all that is known of one that never says hello. */
  void heard(PollService.Poll poll) {
    heard(
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

  private void heard(KnownWorker again) {
    workers
        .asMap()
        .merge(
            again.name(),
            again,
            (known, now) -> saysMore(now, known) ? now : known.at(now.lastSeen()));
  }

  /** A hello says most, then a poll, then a word about a task. */
  private static boolean saysMore(KnownWorker now, KnownWorker known) {
    return known.keys() == null || (now.keys() != null && known.concurrency() == null);
  }

  /** Those that this server has heard since then. */
  public List<KnownWorker> heardHere(Instant then) {
    return workers.asMap().values().stream().filter(w -> !w.lastSeen().isBefore(then)).toList();
  }

  /**
   * All that any server has heard, by name. Blocks.
   *
   * @throws dev.docket.store.StoreUnavailable if the other servers' notes cannot be read
   */
  List<KnownWorker> all() {
    Instant since = clock.instant().minus(WORKER_TIMEOUT).minus(NOTE_INTERVAL);
    TreeMap<String, KnownWorker> all = new TreeMap<>();
    notes.heardSince(since, MAX_WORKERS).forEach(worker -> all.put(worker.name(), worker));
    workers.asMap().values().forEach(w -> all.merge(w.name(), w, KnownWorker::with));
    return new ArrayList<>(all.values());
  }
}
