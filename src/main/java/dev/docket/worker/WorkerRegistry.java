package dev.docket.worker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.wire.ReportItem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workers that have reported to this server lately. Each says who it is every few seconds; one
 * that has been silent for a minute is forgotten.
 */
public final class WorkerRegistry {

  private static final int MOST = 10_000;
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Cache<String, Seen> workers =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(SILENCE).build();
  private final Clock clock;

  public WorkerRegistry(Clock clock) {
    this.clock = clock;
  }

  /**
   * A worker that has been heard.
   *
   * @param hello what it said of itself; null if it has not yet
   */
  record Seen(String name, ReportItem.@Nullable Hello hello, Instant lastSeen) {}

  void heard(ReportItem.Hello hello) {
    workers.put(hello.worker(), new Seen(hello.worker(), hello, clock.instant()));
  }

  void heard(String name) {
    Seen before = workers.getIfPresent(name);
    workers.put(name, new Seen(name, before == null ? null : before.hello(), clock.instant()));
  }

  /** All of them, by name. */
  List<Seen> all() {
    return workers.asMap().values().stream().sorted(Comparator.comparing(Seen::name)).toList();
  }
}
